import { type Dim, isStatic } from '../../tensor/dim.ts';
import { tensor } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, type Node, type Value } from '../graph.ts';
import { Convolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Transpose } from '../ops/movement.ts';
import { padBefore } from '../ops/support/window.ts';
import { orderOf, permuted } from '../permutation.ts';
import { reshape } from '../shorthand.ts';
import { linearMapOf } from './linear-map.ts';
import { pass, withCleanUp } from './pass.ts';
import { rule } from './rule.ts';
import { sinkPastActivations } from './sink-transposes.ts';

type ConvolutionNode = Node<(typeof Convolution)['attributes']>;

/** The rewritten form must need at most this part of the multiplications. */
const WORTHWHILE = 0.5;

/** Elements of the constant matrix. */
const MATRIX_LIMIT = 1 << 22;

/** A map that is resized before a convolution: `x` in the order N, H, W, C, and what resizes its height and width. */
interface Resized {
  readonly x: Value;
  readonly height: readonly Float64Array[];
  readonly width: readonly Float64Array[];
}

/**
 * Convolution(Resize(x), W)  ->  M * (W * x). Resizing and the filters act on different axes, so the filters can be applied
 * to each position of the small map; a constant matrix M resizes, shifts, pads and adds the results. If that is less work.
 */
const filtersFirst = rule('filters-first', 'convolutions moved before resizing', [Convolution], (node, { b }) => {
  const filters = node.inputs[1]!;
  const output = node.outputs[0]!;
  if (constantOf(filters) === undefined || !isStatic(filters.shape) || output.shape.length !== 4) return undefined;
  const [outputHeight, outputWidth] = output.shape.slice(2);
  if (typeof outputHeight !== 'number' || typeof outputWidth !== 'number') return undefined;
  const resized = resizedInput(b, node.inputs[0]!);
  if (resized === undefined) return undefined;
  const [count, channels, kernelHeight, kernelWidth] = filters.shape as readonly [number, number, number, number];
  const small = resized.height[0]!.length * resized.width[0]!.length;
  const taps = kernelHeight * kernelWidth;
  const positions = outputHeight * outputWidth;
  const before = positions * taps * channels;
  const after = small * taps * channels + positions * taps * small;
  if (after > WORTHWHILE * before || positions * taps * small > MATRIX_LIMIT) return undefined;
  const rows = shifts(node, 0, resized.height, kernelHeight, outputHeight);
  const columns = shifts(node, 1, resized.width, kernelWidth, outputWidth);
  const perTap = b.add(Transpose, [filters, b.i64(1, 2, 3, 0)]);
  const applied = b.add(MatMul, [reshape(b, resized.x, -1, channels), reshape(b, perTap, channels, taps * count)]);
  const perPosition = reshape(b, applied, -1, small * taps, count);
  const sum = b.add(MatMul, [matrixOf(b, rows, columns), perPosition]);
  return [permuted(b, reshape(b, sum, -1, outputHeight, outputWidth, count), [0, 3, 1, 2])];
});

function resizedInput(b: Builder, input: Value): Resized | undefined {
  const order = orderOf(input.node) ?? [0, 1, 2, 3];
  const value = orderOf(input.node) === undefined ? input : input.node.inputs[0]!;
  const [n, c, h, w] = order as readonly [number, number, number, number];
  const outer = linearMapOf(value);
  if (outer === undefined || (outer.axis !== h && outer.axis !== w)) return undefined;
  const next = linearMapOf(outer.x);
  const inner = next !== undefined && next.axis !== outer.axis && [h, w].includes(next.axis) ? next : undefined;
  const x = inner?.x ?? outer.x;
  const along = (axis: number): readonly Float64Array[] | undefined =>
    [outer, inner].find(map => map?.axis === axis)?.rows ?? identity(x.shape[axis]);
  const height = along(h);
  const width = along(w);
  if (height === undefined || width === undefined) return undefined;
  return { x: permuted(b, x, [n, h, w, c]), height, width };
}

const identity = (size: Dim | undefined): readonly Float64Array[] | undefined =>
  typeof size === 'number'
    ? Array.from({ length: size }, (_, i) => Float64Array.from({ length: size }, (_, k) => (i === k ? 1 : 0)))
    : undefined;

/** For each tap of the kernel, the row of the resized map that each output position reads; none in the padding. */
function shifts(
  { attrs }: ConvolutionNode,
  axis: number,
  rows: readonly Float64Array[],
  taps: number,
  outputSize: number,
): readonly (readonly (Float64Array | undefined)[])[] {
  const stride = attrs.strides[axis]!;
  const dilation = attrs.dilations[axis]!;
  const begin = padBefore(attrs, axis, rows.length, (taps - 1) * dilation + 1, outputSize);
  return Array.from({ length: taps }, (_, tap) =>
    Array.from({ length: outputSize }, (_, i) => rows[i * stride - begin + tap * dilation]),
  );
}

/** [output positions, small positions * taps] */
function matrixOf(b: Builder, rows: ReturnType<typeof shifts>, columns: ReturnType<typeof shifts>): Value {
  const outputHeight = rows[0]!.length;
  const outputWidth = columns[0]!.length;
  const height = rows[0]!.find(row => row !== undefined)!.length;
  const width = columns[0]!.find(column => column !== undefined)!.length;
  const taps = rows.length * columns.length;
  const positions = outputHeight * outputWidth;
  const data = new Float32Array(height * width * taps * positions);
  rows.forEach((ofTap, i) => {
    columns.forEach((ofOther, k) => {
      const tap = i * columns.length + k;
      ofTap.forEach((row, y) => {
        ofOther.forEach((column, x) => {
          if (row === undefined || column === undefined) return;
          for (let at = 0; at < height * width; at++) {
            const weight = row[Math.floor(at / width)]! * column[at % width]!;
            if (weight !== 0) data[((y * outputWidth + x) * height * width + at) * taps + tap] = weight;
          }
        });
      });
    });
  });
  return b.constant(tensor('f32', [positions, height * width * taps], data));
}

export const convolveBeforeResize = withCleanUp(
  pass('convolve-before-resize', 'applies filters to a small map before it is enlarged, where that takes less work', [
    filtersFirst,
  ]),
  [sinkPastActivations],
);
