import { type Dim, dimMul, isStatic, type Shape } from '../../tensor/dim.ts';
import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import { word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets, generate, pick } from './kernels.ts';
import { broadcastShapes, misfit, sizesFrom } from './rules.ts';

/** Ops that repeat elements. */

/** Inputs: data, repeats for each axis. */
export const Tile = defineOp({
  type: 'Tile',
  opset: 'opset1',
  attributes: {},
  infer: ([x, repeats]) => {
    const counts = sizesFrom(repeats!);
    const rank = Math.max(counts.length, x!.shape.length);
    const shape = Array.from({ length: rank }, (_, i) =>
      dimMul(x!.shape[i - rank + x!.shape.length] ?? 1, counts[i - rank + counts.length] ?? 1),
    );
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x], _attrs, [out]) => {
    const from = [...new Array<number>(out!.shape.length - x!.shape.length).fill(1), ...x!.shape];
    const offsets = generate({ type: 'i32', shape: out!.shape }, i => {
      let [rest, offset, stride] = [i, 0, 1];
      for (let axis = from.length - 1; axis >= 0; axis--) {
        const size = out!.shape[axis]!;
        offset += ((rest % size) % from[axis]!) * stride;
        stride *= from[axis]!;
        rest = Math.floor(rest / size);
      }
      return offset;
    });
    return [pick(x!, numbersOf(offsets), out!.shape)];
  },
  moves: 'first',
});

/** Inputs: data, shape. `numpy`: the data broadcasts to the shape; `bidirectional`: each to the other. */
export const Broadcast = defineOp({
  type: 'Broadcast',
  opset: 'opset3',
  attributes: { mode: word(['numpy', 'bidirectional'])('numpy') },
  infer: ([x, target], { mode }) => {
    const sizes = sizesFrom(target!);
    const shape = mode === 'bidirectional' ? broadcastShapes(x!.shape, sizes) : oneWay(x!.shape, sizes);
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x], _attrs, [out]) => [pick(x!, broadcastOffsets(x!.shape, out!.shape), out!.shape)],
  contents: ([x], _attrs, { shape }) => {
    const only = x!.contents?.length === 1 ? x!.contents[0]! : undefined;
    return only === undefined || !isStatic(shape) ? undefined : new Array<Dim>(sizeOf(shape)).fill(only);
  },
});

/** The target itself, checked where both sizes are known. */
function oneWay(from: Shape, target: readonly Dim[]): Shape {
  const pad = target.length - from.length;
  from.forEach((dim, i) => {
    const size = target[pad + i];
    if (size === undefined || (typeof dim === 'number' && typeof size === 'number' && dim !== 1 && dim !== size)) {
      throw misfit(`[${from.join(',')}] does not broadcast to [${target.join(',')}]`);
    }
  });
  return target;
}
