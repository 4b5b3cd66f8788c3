import { normalizeAxis } from '../tensor/axis.ts';
import type { Builder } from './builder.ts';
import type { Node, Value } from './graph.ts';

/** Returns the axes that a node works along, counted from the front, if they are known. */
export function nodeAxes({ op, attrs, inputs }: Node): readonly number[] | undefined {
  const source = op.traits?.axes;
  if (source === undefined) return undefined;
  const axes: readonly unknown[] | undefined =
    'attribute' in source ? [attrs[source.attribute]] : inputs[source.input]?.partialValue;
  const rank = inputs[0]!.shape.length;
  return axes?.every(axis => typeof axis === 'number') === true
    ? axes.map(axis => normalizeAxis(axis, rank))
    : undefined;
}

export function withAxes(node: Node, inputs: readonly Value[], axes: readonly number[], b: Builder): readonly Value[] {
  const source = node.op.traits!.axes!;
  if ('attribute' in source) return b.addAll(node.op, inputs, { ...node.attrs, [source.attribute]: axes[0]! });
  const isScalar = node.inputs[source.input]!.shape.length === 0;
  const value = isScalar ? b.scalar('i64', axes[0]!) : b.i64(...axes);
  return b.rebuild(
    node,
    inputs.map((input, i) => (i === source.input ? value : input)),
  );
}
