import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { MatMul } from '../../../ov/ops/matrix.ts';
import { Reshape, ShapeOf } from '../../../ov/ops/shape.ts';
import { concat, convert } from '../../../ov/shorthand.ts';
import { numbersOf } from '../../../tensor/tensor.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translator } from '../../translator.ts';
import { knownDim } from '../../values.ts';

/**
 * Resizing where each pixel of the result is a weighted sum of many of the picture's: a product with one matrix of weights
 * for each axis, which is computed at conversion and therefore needs sizes that are known there.
 */

/** The weights of one pixel of the result: the first pixel that counts, and the weights from there on. */
interface Span {
  readonly from: number;
  readonly weights: readonly number[];
}

/** One axis of `x` [N, H, W, C] as as many sums as there are spans. */
function summed(b: Builder, x: Value, axis: 1 | 2, spans: readonly Span[]): Value {
  const size = knownDim(x.shape[axis], 'the size of the picture');
  const data = new Float32Array(spans.length * size);
  spans.forEach(({ from, weights }, row) => {
    data.set(weights, row * size + from);
  });
  const matrix = b.constant({ type: 'f32', shape: [spans.length, size], data });
  if (axis === 2) return b.add(MatMul, [matrix, x]);
  const sizes = b.add(ShapeOf, [x]);
  const rest = b.add(Gather, [sizes, b.i64(2, 3), b.scalar('i64', 0)]);
  const batch = b.add(Gather, [sizes, b.i64(0), b.scalar('i64', 0)]);
  const rows = b.add(Reshape, [x, concat(b, 0, [batch, b.i64(size, -1)])]);
  return b.add(Reshape, [b.add(MatMul, [matrix, rows]), concat(b, 0, [batch, b.i64(spans.length), rest])]);
}

/** Both axes of the picture at input 0, resized to the sizes at input 1. */
function resampled(
  op: TfOp,
  b: Builder,
  spansOf: (axis: 0 | 1, size: number, outSize: number) => readonly Span[],
): Value {
  const x = convert(b, op.input(0), 'f32');
  const [height, width] = op.integers(1, 'size');
  const [from, wide] = [1, 2].map(axis => {
    if (typeof x.shape[axis] === 'number') return x.shape[axis];
    throw new DecantError('unsupported', `${op.type} of a picture of unknown size`, {
      remedy: 'Fix the size of the picture with --input-shape.',
    });
  }) as [number, number];
  return summed(b, summed(b, x, 2, spansOf(1, wide, width!)), 1, spansOf(0, from, height!));
}

/** The means of areas; those that reach beyond the picture repeat its last pixel. */
export const resizeArea: Translator = (op, b) => {
  const aligned = op.bool('align_corners', false);
  return resampled(op, b, (_axis, size, outSize) => {
    const scale = aligned && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize;
    return Array.from({ length: outSize }, (_, i) => {
      const [start, end] = [Math.fround(i * Math.fround(scale)), Math.fround((i + 1) * Math.fround(scale))];
      const from = Math.min(Math.floor(start), size - 1);
      const weights: number[] = [];
      for (let pixel = Math.floor(start); pixel < Math.ceil(end); pixel++) {
        const at = Math.min(pixel, size - 1) - from;
        weights[at] = (weights[at] ?? 0) + (Math.min(pixel + 1, end) - Math.max(pixel, start)) / scale;
      }
      return { from, weights };
    });
  });
};

type Kernel = readonly [radius: number, weight: (distance: number) => number];

const lanczos = (radius: number): Kernel => [
  radius,
  x => (x <= 1e-3 ? 1 : (radius * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / radius)) / (Math.PI * x) ** 2),
];

/** The kernels of `ScaleAndTranslate` as functions of the distance, up to a radius. */
const KERNELS: Readonly<Record<string, Kernel>> = {
  lanczos1: lanczos(1),
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: [1.5, x => (x >= 1.5 ? 0 : Math.exp(-x * x * 2))],
  box: [0.5, x => (x < 0.5 ? 1 : x === 0.5 ? 0.5 : 0)],
  triangle: [1, x => Math.max(1 - x, 0)],
  keyscubic: [2, x => (x >= 2 ? 0 : x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1)],
  mitchellcubic: [
    2,
    x => (x >= 2 ? 0 : x >= 1 ? (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9 : ((7 / 6) * x - 2) * x * x + 8 / 9),
  ],
};

/** The formula is that of `ComputeSpansCore` in TensorFlow's kernel. */
export const scaleAndTranslate: Translator = (op, b) => {
  const type = op.string('kernel_type', 'lanczos3');
  const kernel = KERNELS[type];
  if (kernel === undefined) throw new DecantError('unsupported', `ScaleAndTranslate with the kernel '${type}'`);
  const [radius, weightAt] = kernel;
  const [scales, moves] = [numbersOf(op.constant(2, 'scale')), numbersOf(op.constant(3, 'translation'))];
  const antialias = op.bool('antialias', true);
  return resampled(op, b, (axis, size, outSize) => {
    const inverse = Math.fround(1 / scales[axis]!);
    const stretch = antialias ? Math.max(inverse, 1) : 1;
    return Array.from({ length: outSize }, (_, i) => {
      const sample = Math.fround((i + 0.5) * inverse - inverse * moves[axis]!);
      if (sample < 0 || sample > size) return { from: 0, weights: [] };
      const inside = (pixel: number): number => Math.min(Math.max(pixel, 0), size - 1);
      const from = inside(Math.ceil(sample - radius * stretch - 0.5));
      const to = inside(Math.floor(sample + radius * stretch - 0.5));
      const weights = Array.from({ length: to - from + 1 }, (_unused, k) => {
        const distance = Math.abs(from + k + 0.5 - sample) / stretch;
        return distance > radius ? 0 : weightAt(distance);
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { from, weights: Math.abs(total) < 1e-35 ? weights : weights.map(weight => weight / total) };
    });
  });
};
