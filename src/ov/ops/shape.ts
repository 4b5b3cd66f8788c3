import { type Dim, dimFloorDiv, dimProduct, type Shape } from '../../tensor/dim.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { boolean, elementType } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { axesOf, knownIntegers, shapeMismatch, sizesFrom } from './support/infer.ts';

const reshaped = ({ type, data }: Tensor, shape: readonly number[]): Tensor => ({ type, shape, data });

function reshapedShape(input: Shape, target: readonly Dim[], specialZero: boolean): Shape {
  const dims = target.map((dim, i) => (specialZero && dim === 0 ? (input[i] ?? 0) : dim));
  const open = dims.indexOf(-1);
  const total = dimProduct(input);
  if (open < 0) {
    const size = dimProduct(dims);
    if (typeof total === 'number' && typeof size === 'number' && total !== size) {
      throw shapeMismatch(`${total} elements do not reshape to [${dims.join(',')}]`);
    }
    return refineOne(dims, total);
  }
  const rest = dimProduct(dims.filter((_, i) => i !== open));
  if (typeof total === 'number' && typeof rest === 'number' && (rest === 0 ? total !== 0 : total % rest !== 0)) {
    throw shapeMismatch(`${total} elements do not reshape to [${dims.join(',')}]`);
  }
  return dims.map((dim, i) => (i === open ? (rest === 0 ? 0 : dimFloorDiv(total, rest)) : dim));
}

function refineOne(dims: readonly Dim[], total: Dim): Shape {
  const unknowns = dims.filter(dim => typeof dim !== 'number');
  if (typeof total !== 'number' || unknowns.length !== 1) return dims;
  const rest = dimProduct(dims.filter(dim => typeof dim === 'number'));
  if (typeof rest !== 'number' || rest === 0 || total % rest !== 0) return dims;
  return dims.map(dim => (typeof dim === 'number' ? dim : total / rest));
}

/** Inputs: data, target shape. At most one size is -1 and is inferred; with `special_zero`, 0 copies the input's size. */
export const Reshape = defineOp({
  type: 'Reshape',
  opset: 'opset1',
  arity: 2,
  attributes: { special_zero: boolean(false) },
  infer: ([x, target], { special_zero }) => [
    { type: x!.type, shape: reshapedShape(x!.shape, sizesFrom(target!), special_zero) },
  ],
  evaluate: ([x], _attrs, [out]) => [reshaped(x!, out!.shape)],
  partialValue: ([x]) => x!.partialValue,
});

/** Inputs: data, new axes of the output. */
export const Unsqueeze = defineOp({
  type: 'Unsqueeze',
  opset: 'opset1',
  arity: 2,
  attributes: {},
  infer: ([x, axes]) => {
    const given = knownIntegers(axes!, 'the axes of Unsqueeze');
    const rank = x!.shape.length + given.length;
    const ones = new Set(axesOf(given, rank));
    const rest = [...x!.shape];
    return [{ type: x!.type, shape: Array.from({ length: rank }, (_, i) => (ones.has(i) ? 1 : rest.shift()!)) }];
  },
  evaluate: ([x], _attrs, [out]) => [reshaped(x!, out!.shape)],
  partialValue: ([x]) => x!.partialValue,
});

/** Inputs: data and, optionally, axes; by default all axes of size 1 are removed. */
export const Squeeze = defineOp({
  type: 'Squeeze',
  opset: 'opset1',
  arity: [1, 2],
  attributes: {},
  traits: { axes: { input: 1 } },
  infer: ([x, axes]) => {
    const gone = new Set(
      axes === undefined
        ? x!.shape.flatMap((dim, i) => (dim === 1 ? [i] : []))
        : axesOf(knownIntegers(axes, 'the axes of Squeeze'), x!.shape.length),
    );
    for (const axis of gone) {
      const dim = x!.shape[axis]!;
      if (typeof dim === 'number' && dim !== 1)
        throw shapeMismatch(`axis ${axis} has size ${dim} and cannot be squeezed`);
    }
    return [{ type: x!.type, shape: x!.shape.filter((_, i) => !gone.has(i)) }];
  },
  evaluate: ([x], _attrs, [out]) => [reshaped(x!, out!.shape)],
  partialValue: ([x]) => x!.partialValue,
});

export const ShapeOf = defineOp({
  type: 'ShapeOf',
  opset: 'opset3',
  arity: 1,
  attributes: { output_type: elementType('i64') },
  infer: ([x], { output_type }) => [{ type: output_type, shape: [x!.shape.length] }],
  partialValue: ([x]) => x!.shape,
});
