import { normalizeAxis } from '../tensor/axis.ts';
import { is, type Node, type Value } from './graph.ts';
import { Reshape, Squeeze, Unsqueeze } from './ops/shape.ts';

/** Whether an op changes nothing but the shape, which costs nothing. */
export const isReshaping = (node: Node): boolean => is(node, Reshape) || is(node, Squeeze) || is(node, Unsqueeze);

/** Returns the value before ops that change nothing but its shape. */
export function unshaped(value: Value): Value {
  let source = value;
  while (isReshaping(source.node)) source = source.node.inputs[0]!;
  return source;
}

/**
 * Returns the axis of the input of a Squeeze or Unsqueeze that is `axis` in its output; undefined if there is none, or if the
 * removed or added axes are not known.
 */
export function axisBefore(node: Node, axis: number): number | undefined {
  const [x, axes] = node.inputs as readonly [Value, Value?];
  const isSqueeze = is(node, Squeeze);
  const { shape } = isSqueeze ? x : node.outputs[0]!;
  const changed = axes?.partialValue?.map(each => normalizeAxis(Number(each), shape.length));
  if (changed === undefined) return undefined;
  const kept = shape.map((_, each) => each).filter(each => !changed.includes(each));
  if (isSqueeze) return kept[axis];
  const own = kept.indexOf(axis);
  return own < 0 ? undefined : own;
}
