import { isStatic, isStaticDim, type Shape, shapeEquals } from '../../tensor/dim.ts';
import { byteLengthOf, isReal } from '../../tensor/element-type.ts';
import { sizeOf, vector } from '../../tensor/tensor.ts';
import { allDefined } from '../all-defined.ts';
import type { Builder } from '../builder.ts';
import { is, type Node, type Op, type Value } from '../graph.ts';
import { Add, Multiply } from '../ops/arithmetic.ts';
import { Gather } from '../ops/gather.ts';
import { Broadcast } from '../ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { StridedSlice } from '../ops/slice.ts';
import { constantLike, reshape, squeeze, unsqueeze } from '../shorthand.ts';
import { uniformElement } from '../uniform-element.ts';
import { plainAxis } from './gather-rules.ts';
import { pass } from './pass.ts';
import { MOST_STEPS, rule } from './rule.ts';

/** Pixels of more channels are rows that OpenVINO copies and computes fast enough. */
const MOST_CHANNELS = 4;

/** Gather(x[..., W, C], i[n], -2)  ->  Reshape(Gather(Reshape(x, [..., W * C]), i * C + [0..C-1], -1), [..., n, C]). Elements are gathered many at a time, pixels one by one. */
const gatherElements = rule('gather-elements', 'pixels gathered element by element', [Gather], (node, { b }) => {
  const [x, indices] = node.inputs as readonly [Value, Value];
  const { shape } = node.outputs[0]!;
  const axis = x.shape.length - 2;
  const [count] = indices.shape;
  if (plainAxis(node) !== axis || indices.shape.length !== 1 || !isStaticDim(count!)) return undefined;
  if (!isPixels(shape) || byteLengthOf(x.type, 1) > 4 || !(x.type === 'u8' || isReal(x.type))) return undefined;
  const channels = shape[axis + 1] as number;
  const flat = b.add(Reshape, [x, b.i64(...zeros(axis), -1)], { special_zero: true });
  const starts = unsqueeze(b, b.add(Multiply, [indices, constantLike(b, indices, channels)]), 1);
  const ofPixel = b.constant(
    vector(
      indices.type,
      Array.from({ length: channels }, (_, i) => i),
    ),
  );
  const elements = reshape(b, b.add(Add, [starts, ofPixel]), count * channels);
  return [pixelsOf(b, b.add(Gather, [flat, elements, b.scalar('i64', axis)]), shape)];
});

const zeros = (count: number): readonly number[] => new Array<number>(count).fill(0);

/** Whether a shape ends with more than one row, a known number of pixels per row, and few channels. */
function isPixels(shape: Shape): boolean {
  const [height, width, channels] = shape.slice(-3);
  return (
    shape.length >= 3 &&
    shape.every((size, i) => i < shape.length - 3 || isStaticDim(size)) &&
    (height as number) > 1 &&
    (width as number) > 1 &&
    (channels as number) > 1 &&
    (channels as number) <= MOST_CHANNELS
  );
}

/** Splits the last axis of flat rows. */
const pixelsOf = (b: Builder, flat: Value, shape: Shape): Value =>
  isStatic(shape)
    ? reshape(b, flat, ...shape)
    : b.add(Reshape, [flat, b.i64(...zeros(shape.length - 2), ...(shape.slice(-2) as number[]))], {
        special_zero: true,
      });

/** The rows [..., W * C] that a Reshape splits into pixels [..., W, C], except for axes of size 1 before them. */
function flatRows({ node, shape }: Value): Value | undefined {
  const [x] = node.inputs as readonly [Value];
  if (!is(node, Reshape) || !isPixels(shape)) return undefined;
  const [width, channels] = shape.slice(-2) as number[] as [number, number];
  const [own, split] = [x.shape.slice(0, -1), shape.slice(0, -2)];
  const isSplit = isStatic(shape) ? shapeEquals(leading(own), leading(split)) : shapeEquals(own, split);
  return isSplit && x.shape.at(-1) === width * channels ? x : undefined;
}

/** Without axes of size 1 at the front. */
const leading = (shape: Shape): Shape =>
  shape.slice(
    Math.max(
      0,
      shape.findIndex(size => size !== 1),
    ),
  );

/** f(pixels(x), y)  ->  pixels(f(x, y')). OpenVINO computes on whole rows at a time, not on the channels of one pixel. */
const computeOnRows = rule(
  'compute-on-rows',
  'element-wise ops computed on rows',
  ({ traits }) => traits?.elementwise === true && traits.broadcast !== 'first',
  (node, { b }) => {
    const { shape } = node.outputs[0]!;
    const operands = node.op.traits!.broadcast === undefined ? node.inputs.slice(0, 1) : node.inputs;
    if (!operands.some(input => flatRows(input) !== undefined && shapeEquals(leading(input.shape), leading(shape))))
      return undefined;
    const rows = new Flattener(b, shape.slice(-2) as readonly number[]).flattenAll(operands);
    if (rows === undefined) return undefined;
    return [pixelsOf(b, b.rebuild(node, [...rows, ...node.inputs.slice(rows.length)])[0]!, shape)];
  },
);

/** Computes values that are broadcast to pixels [..., W, C] as values that are broadcast to rows [..., W * C]. */
class Flattener {
  readonly #b: Builder;
  readonly #pixels: readonly number[];
  #steps = 0;

  constructor(b: Builder, pixels: readonly number[]) {
    this.#b = b;
    this.#pixels = pixels;
  }

  flattenAll(values: readonly Value[]): readonly Value[] | undefined {
    return allDefined(values, value => this.#flatten(value));
  }

  #flatten(value: Value): Value | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    const b = this.#b;
    const { shape } = value;
    const [width, channels] = this.#pixels as readonly [number, number];
    const rows = flatRows(value);
    if (rows !== undefined) return rows;
    if (shape.length === 0) return value;
    if (shape.slice(-2).every(size => size === 1)) return squeeze(b, value, -1);
    const before = shape.slice(0, -2);
    if (before.every(size => size === 1)) {
      const all = [...before.map(() => 1), width, channels];
      const full = shapeEquals(shape, all) ? value : b.add(Broadcast, [value, b.i64(...all)]);
      return reshape(b, full, ...all.slice(0, -2), width * channels);
    }
    return this.#recompute(value);
  }

  #recompute({ node, index }: Value): Value | undefined {
    const { elementwise, broadcast } = node.op.traits ?? {};
    const inputs = elementwise === true && broadcast === 'common' ? this.flattenAll(node.inputs) : undefined;
    return inputs && this.#b.rebuild(node, inputs)[index];
  }
}

/** reshape(pixels(x))  ->  pixels(x). For the only image of a batch. */
const reshapeRows = rule(
  'reshape-rows',
  'element-wise ops computed on rows',
  [Squeeze, Unsqueeze, StridedSlice] as readonly Op[],
  (node, { b }) => {
    const [x] = node.inputs as readonly [Value];
    const { shape } = node.outputs[0]!;
    const rows = flatRows(x);
    if (rows === undefined || !isStatic(shape) || !isPixels(shape) || !keepsElements(node)) return undefined;
    const pixels = reshape(b, rows, ...shape);
    return flatRows(pixels) === undefined ? undefined : [pixels];
  },
);

function keepsElements(node: Node): boolean {
  const [x, , , step] = node.inputs as readonly [Value, Value, Value?, Value?];
  const { shape } = node.outputs[0]!;
  if (!is(node, StridedSlice)) return true;
  const isWhole = isStatic(x.shape) && isStatic(shape) && sizeOf(x.shape) === sizeOf(shape);
  return isWhole && (step === undefined || uniformElement(step) === 1);
}

export const flattenPixels = pass(
  'flatten-pixels',
  'gathers and computes a resized image row by row, not pixel by pixel',
  [gatherElements, computeOnRows, reshapeRows],
);
