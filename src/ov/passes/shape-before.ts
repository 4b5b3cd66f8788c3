import { dimEquals, shapeEquals } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import { constantOf, is, type Value } from '../graph.ts';
import { Gather } from '../ops/gather.ts';
import { ShapeOf, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { axisBefore } from '../reshaping.ts';
import { concat } from '../shorthand.ts';
import { plainAxis } from './gather-rules.ts';
import { rule } from './rule.ts';

/** ShapeOf(f(x))  ->  ShapeOf(x), and ShapeOf(Gather(x, i))  ->  [ShapeOf(i), ShapeOf(x)[1], ...]. Then f(x) may be unused. */
export const shapeBefore = rule('shape-before', 'shapes taken before element-wise ops', [ShapeOf], (node, { b }) => {
  const value = node.inputs[0]!;
  const x = withSameShape(value);
  if (x !== value) return b.rebuild(node, [x]);
  const origins = value.shape.map((dim, axis) => (typeof dim === 'number' ? dim : originOf({ value, axis })));
  const bare = withoutReshaping(value);
  if (origins.every(origin => typeof origin === 'number' || origin.value === bare)) return undefined;
  const { type } = node.outputs[0]!;
  const sizes = origins.map(origin =>
    typeof origin === 'number'
      ? b.constant(vector(type, [origin]))
      : b.add(Gather, [b.rebuild(node, [origin.value])[0]!, b.i64(origin.axis), b.scalar('i64', 0)]),
  );
  return [concat(b, 0, sizes)];
});

/** Squeeze and Unsqueeze cost nothing. */
function withoutReshaping(value: Value): Value {
  const { node } = value;
  return is(node, Squeeze) || is(node, Unsqueeze) ? withoutReshaping(node.inputs[0]!) : value;
}

interface Axis {
  readonly value: Value;
  readonly axis: number;
}

/** The axis that an axis has its size from. */
function originOf(at: Axis): Axis {
  let origin = at;
  for (let before = axisFrom(at); before !== undefined; before = axisFrom(before)) origin = before;
  return origin;
}

function axisFrom({ value: { node, shape }, axis }: Axis): Axis | undefined {
  const [x, second] = node.inputs as readonly [Value, Value];
  if (is(node, Gather)) {
    const gathered = plainAxis(node);
    if (gathered === undefined || second.shape.length !== 1) return undefined;
    return axis === gathered ? { value: second, axis: 0 } : { value: x, axis };
  }
  if (is(node, Unsqueeze) || is(node, Squeeze)) {
    const before = axisBefore(node, axis);
    return before === undefined ? undefined : { value: x, axis: before };
  }
  const { elementwise, broadcast } = node.op.traits ?? {};
  if (elementwise !== true || broadcast === 'first') return undefined;
  return node.inputs
    .map(value => ({ value, axis: axis - shape.length + value.shape.length }))
    .find(({ value, axis: own }) => own >= 0 && dimEquals(value.shape[own]!, shape[axis]!));
}

/** The value of the same shape that element-wise ops, and added or removed axes of size 1, started from. */
function withSameShape(value: Value): Value {
  let found = value;
  for (let x = sourceOf(value); x !== undefined; x = sourceOf(x)) if (shapeEquals(x.shape, value.shape)) found = x;
  return found;
}

function sourceOf({ node, shape }: Value): Value | undefined {
  if (is(node, Unsqueeze) || is(node, Squeeze)) return node.inputs[0];
  const { elementwise, broadcast } = node.op.traits ?? {};
  if (elementwise !== true || broadcast === 'first') return undefined;
  return node.inputs.find(x => constantOf(x) === undefined && shapeEquals(x.shape, shape));
}
