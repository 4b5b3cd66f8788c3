import { isStatic } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { vector } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { is, type Node, type Value } from '../graph.ts';
import { Maximum, Minimum, Subtract } from '../ops/arithmetic.ts';
import { Less } from '../ops/comparison.ts';
import { Select } from '../ops/condition.ts';
import { Gather } from '../ops/gather.ts';
import { Range } from '../ops/generation.ts';
import { LogicalAnd } from '../ops/logical.ts';
import { Pad } from '../ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { Convert } from '../ops/type.ts';
import { axisBefore } from '../reshaping.ts';
import { constantLike, convert, reshape, sizeAlong } from '../shorthand.ts';
import { uniformElement } from '../uniform-element.ts';
import { plainAxis } from './gather-rules.ts';
import { pass } from './pass.ts';
import { MOST_STEPS, rule } from './rule.ts';

/**
 * Pad(f(Gather(x, i[n])), 0, m - n, v)  ->  Select([0 .. m - 1] < n, f(Gather(x, i[m])), v). An image is then resized to a
 * known size, and OpenVINO fuses the element-wise ops.
 */
const selectPadding = rule('select-padding', 'images resized to the padded size', [Pad], (node, { b }) => {
  const [x, begin, end, fill] = node.inputs as readonly [Value, Value, Value, Value?];
  const { shape } = node.outputs[0]!;
  const isAtEnd = node.attrs.pad_mode === 'constant' && uniformElement(begin) === 0;
  if (!isAtEnd || !isStatic(shape) || isStatic(x.shape)) return undefined;
  const sizes: Sizes = shape.map((size, axis) => (typeof x.shape[axis] === 'number' ? undefined : size));
  if (shape.some((size, axis) => sizes[axis] === undefined && x.shape[axis] !== size)) return undefined;
  const extended = new Extender(b).extend(x, sizes);
  if (extended === undefined) return undefined;
  const masks = sizes.flatMap((size, axis) => (size === undefined ? [] : [maskOf(b, end, axis, size, shape.length)]));
  const isInside = masks.reduce((a, c) => b.add(LogicalAnd, [a, c]));
  return [b.add(Select, [isInside, extended, fill ?? constantLike(b, x, 0)])];
});

/** Whether positions along an axis come before the padding: boolean, `size` along the axis and 1 along all others. */
function maskOf(b: Builder, end: Value, axis: number, size: number, rank: number): Value {
  const padding = b.add(Gather, [end, b.scalar('i64', axis), b.scalar('i64', 0)]);
  const count = b.add(Subtract, [constantLike(b, end, size), padding]);
  const shape = Array.from({ length: rank }, (_, i) => (i === axis ? size : 1));
  return reshape(b, b.add(Less, [positions(b, end.type, size), count]), ...shape);
}

const positions = (b: Builder, type: Value['type'], size: number): Value =>
  b.constant(
    vector(
      type,
      Array.from({ length: size }, (_, i) => i),
    ),
  );

/** The new size of each axis, or `undefined` for those that stay. */
type Sizes = readonly (number | undefined)[];

/** Recomputes values for more positions. What the further elements are does not matter. */
class Extender {
  readonly #b: Builder;
  readonly #extended = new Map<string, Value | undefined>();
  readonly #ids = new Map<Value, number>();
  #steps = 0;

  constructor(b: Builder) {
    this.#b = b;
  }

  extend(value: Value, wanted: Sizes): Value | undefined {
    const sizes = wanted.map((size, axis) =>
      value.shape[axis] === 1 || value.shape[axis] === size ? undefined : size,
    );
    if (sizes.every(size => size === undefined)) return value;
    const id = this.#ids.get(value) ?? this.#ids.size;
    this.#ids.set(value, id);
    const key = `${id}:${sizes.join()}`;
    if (!this.#extended.has(key)) this.#extended.set(key, this.#compute(value, sizes));
    return this.#extended.get(key);
  }

  #compute({ node, index, shape }: Value, sizes: Sizes): Value | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    const b = this.#b;
    const [x] = node.inputs as readonly [Value];
    if (is(node, Range)) return this.#extendRange(node, sizes[0]!);
    if (is(node, Gather)) return this.#extendGather(node, sizes);
    if (is(node, Squeeze) || is(node, Unsqueeze)) return this.#extendReshaped(node, sizes);
    if (is(node, Reshape)) {
      const axis = sizes.findIndex(size => size !== undefined);
      const isVector = x.shape.length === 1 && shape.every((dim, i) => i === axis || dim === 1);
      const line = isVector ? this.extend(x, [sizes[axis]]) : undefined;
      return line && reshape(b, line, ...shape.map((_, i) => (i === axis ? sizes[axis]! : 1)));
    }
    const { elementwise, broadcast } = node.op.traits ?? {};
    // An integer could be divided by zero.
    if (elementwise !== true || broadcast === 'first' || !(isReal(x.type) || is(node, Convert))) return undefined;
    const inputs = node.inputs.map((input, i) =>
      i > 0 && broadcast === undefined ? input : this.extend(input, sizes.slice(shape.length - input.shape.length)),
    );
    return inputs.every(input => input !== undefined) ? b.rebuild(node, inputs)[index] : undefined;
  }

  #extendRange(node: Node<(typeof Range)['attributes']>, size: number): Value | undefined {
    const [start, , step] = node.inputs as readonly [Value, Value, Value];
    const counts = uniformElement(start) === 0 && uniformElement(step) === 1;
    return counts ? positions(this.#b, node.attrs.output_type, size) : undefined;
  }

  #extendGather(node: Node<(typeof Gather)['attributes']>, sizes: Sizes): Value | undefined {
    const b = this.#b;
    const [x, indices] = node.inputs as readonly [Value, Value];
    const axis = plainAxis(node);
    if (axis === undefined || indices.shape.length !== 1) return undefined;
    const data = this.extend(
      x,
      sizes.map((size, i) => (i === axis ? undefined : size)),
    );
    const along = this.extend(indices, [sizes[axis]]);
    if (data === undefined || along === undefined) return undefined;
    return b.add(Gather, [data, along === indices ? along : within(b, along, data, axis), b.scalar('i64', axis)]);
  }

  #extendReshaped(node: Node, sizes: Sizes): Value | undefined {
    const [x, axes] = node.inputs as readonly [Value, Value];
    const own = new Array<number | undefined>(x.shape.length).fill(undefined);
    for (const [axis, size] of sizes.entries()) {
      if (size === undefined) continue;
      const before = axisBefore(node, axis);
      if (before === undefined) return undefined;
      own[before] = size;
    }
    const extended = this.extend(x, own);
    return extended && this.#b.rebuild(node, [extended, axes])[0];
  }
}

/** Indices that exist along an axis of `x`. */
function within(b: Builder, indices: Value, x: Value, axis: number): Value {
  const last = b.add(Subtract, [convert(b, sizeAlong(b, x, axis), indices.type), constantLike(b, indices, 1)]);
  return b.add(Minimum, [b.add(Maximum, [indices, constantLike(b, indices, 0)]), last]);
}

export const gatherPadding = pass(
  'gather-padding',
  'resizes images directly to their padded size, which is known, and fills in the padding afterwards',
  [selectPadding],
);
