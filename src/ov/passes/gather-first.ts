import { normalizeAxis } from '../../tensor/axis.ts';
import { type Dim, shapeEquals } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Value } from '../graph.ts';
import { Gather } from '../ops/gather.ts';
import { ShapeOf, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { concat, squeeze } from '../shorthand.ts';
import { plainAxis } from './gather-rules.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/** Gather(x[1, ...], 0, 0)  ->  Squeeze(x, 0). Likewise along any axis of size 1. */
const onlyPosition = rule('only-position', 'gathers of the only position removed', [Gather], (node, { b }) => {
  const axis = plainAxis(node);
  const x = node.inputs[0]!;
  const index = node.inputs[1]!;
  if (axis === undefined || x.shape[axis] !== 1 || index.shape.length > 0) return undefined;
  return Number(constantOf(index)?.data[0]) === 0 ? [squeeze(b, x, axis)] : undefined;
});

/** Gather(f(x), i)  ->  f(Gather(x, i)). Element-wise ops work on fewer elements, and axes are gathered from the first on. */
const gatherEarlier = rule('gather-earlier', 'gathers moved before element-wise ops', [Gather], (node, { b }) => {
  const axis = plainAxis(node);
  const x = node.inputs[0]!;
  const indices = node.inputs[1]!;
  if (axis === undefined || indices.shape.length !== 1 || !isSmaller(indices.shape[0]!, x.shape[axis]!))
    return undefined;
  const moved = new Mover(b, indices).before(x, axis);
  return moved === undefined ? undefined : [moved];
});

/** Whether a gather at least halves an axis. A dynamic one, like an image's, is assumed to be large. */
const isSmaller = (count: Dim, size: Dim): boolean =>
  typeof count === 'number' && (typeof size !== 'number' || 2 * count <= size);

class Mover {
  readonly #b: Builder;
  readonly #indices: Value;
  readonly #gathered = new Map<Value, Value>();

  constructor(b: Builder, indices: Value) {
    this.#b = b;
    this.#indices = indices;
  }

  /** The gathered value, computed from gathered inputs, if it is computed by an op that allows it. */
  before(value: Value, axis: number): Value | undefined {
    const { node } = value;
    const { elementwise, broadcast } = node.op.traits ?? {};
    if (is(node, Unsqueeze)) return this.#beforeUnsqueeze(node, axis);
    if (is(node, Squeeze)) return this.#beforeSqueeze(node, axis);
    if (is(node, Gather)) return this.#beforeGather(node, axis);
    if (elementwise !== true || broadcast === 'first') return undefined;
    const rank = value.shape.length;
    const inputs = node.inputs.map((input, i) => {
      const own = axis - rank + input.shape.length;
      const isSame = (i > 0 && broadcast === undefined) || own < 0 || input.shape[own] === 1;
      return isSame ? input : this.#gather(input, own);
    });
    return this.#b.rebuild(node, inputs)[value.index];
  }

  #gather(value: Value, axis: number): Value {
    const known = this.#gathered.get(value);
    if (known !== undefined) return known;
    const moved = this.before(value, axis) ?? this.#b.add(Gather, [value, this.#indices, this.#b.scalar('i64', axis)]);
    this.#gathered.set(value, moved);
    return moved;
  }

  #beforeUnsqueeze(node: Node, axis: number): Value | undefined {
    const rank = node.outputs[0]!.shape.length;
    const added = node.inputs[1]!.partialValue?.map(position => normalizeAxis(Number(position), rank));
    if (added === undefined || added.includes(axis)) return undefined;
    const own = axis - added.filter(position => position < axis).length;
    return this.#b.rebuild(node, [this.#gather(node.inputs[0]!, own), node.inputs[1]!])[0];
  }

  #beforeSqueeze(node: Node, axis: number): Value | undefined {
    const [x, axes] = node.inputs as readonly [Value, Value | undefined];
    const removed = axes?.partialValue?.map(position => normalizeAxis(Number(position), x.shape.length));
    if (removed === undefined) return undefined;
    const own = x.shape.map((_, position) => position).filter(position => !removed.includes(position))[axis]!;
    return this.#b.rebuild(node, [this.#gather(x, own), axes!])[0];
  }

  /** Earlier axes first: their positions are contiguous in memory. */
  #beforeGather(node: Node<(typeof Gather)['attributes']>, axis: number): Value | undefined {
    const other = plainAxis(node);
    if (other === undefined || other <= axis || node.inputs[1]!.shape.length !== 1) return undefined;
    return this.#b.rebuild(node, [this.#gather(node.inputs[0]!, axis), ...node.inputs.slice(1)])[0];
  }
}

/**
 * ShapeOf(f(x))  ->  ShapeOf(x), ShapeOf(Squeeze(f(x)))  ->  ShapeOf(Squeeze(x)), and ShapeOf(Unsqueeze(x, 0))  ->
 * [1, ...ShapeOf(x)]. Then f(x) may be unused.
 */
const shapeBefore = rule('shape-before', 'shapes taken before element-wise ops', [ShapeOf], (node, { b }) => {
  const x = withSameShape(node.inputs[0]!);
  if (is(x.node, Squeeze)) {
    const [squeezed, ...axes] = x.node.inputs as readonly [Value, ...Value[]];
    const before = withSameShape(squeezed);
    if (before !== squeezed) return b.rebuild(node, [b.rebuild(x.node, [before, ...axes])[0]!]);
  }
  const added = is(x.node, Unsqueeze) ? x.node.inputs[1]!.partialValue : undefined;
  if (added?.length === 1 && added[0] === 0) {
    const rest = b.rebuild(node, [withSameShape(x.node.inputs[0]!)])[0]!;
    return [concat(b, 0, [b.constant(vector(rest.type, [1])), rest])];
  }
  return x === node.inputs[0] ? undefined : b.rebuild(node, [x]);
});

/** The value that element-wise ops with scalars started from. */
function withSameShape(value: Value): Value {
  const { elementwise, broadcast } = value.node.op.traits ?? {};
  if (elementwise !== true || broadcast === 'first') return value;
  const data = broadcast === 'common' ? value.node.inputs.filter(({ shape }) => shape.length > 0) : value.node.inputs;
  const [x, ...others] = data;
  const isOnly = x !== undefined && (broadcast !== 'common' || others.length === 0);
  return isOnly && shapeEquals(x.shape, value.shape) ? withSameShape(x) : value;
}

export const gatherFirst = pass(
  'gather-first',
  'moves gathers, such as those of image resizing, before element-wise ops, which then work on fewer elements',
  [onlyPosition, gatherEarlier, shapeBefore],
  { repeat: true },
);
