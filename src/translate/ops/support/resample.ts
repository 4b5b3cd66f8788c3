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
import { knownDim } from '../../known-dim.ts';

/**
 * Resizing where each output pixel is a weighted sum of many input pixels: a product with a matrix of weights per axis,
 * which is computed at conversion and thus needs known sizes.
 */

interface Span {
  readonly from: number;
  readonly weights: readonly number[];
}

function resampleAxis(b: Builder, x: Value, axis: 1 | 2, spans: readonly Span[]): Value {
  const size = knownDim(x.shape[axis], 'the image size');
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

function resample(
  op: TfOp,
  b: Builder,
  spansOf: (axis: 0 | 1, size: number, outSize: number) => readonly Span[],
): Value {
  const x = convert(b, op.input(0), 'f32');
  const [height, width] = op.integers(1, 'size');
  const [, inHeight, inWidth] = x.shape;
  if (typeof inHeight !== 'number' || typeof inWidth !== 'number') {
    throw new DecantError('unsupported', `${op.type} on images of unknown size is not supported`, {
      remedy: 'Fix the image size with --input-shape.',
    });
  }
  return resampleAxis(b, resampleAxis(b, x, 2, spansOf(1, inWidth, width!)), 1, spansOf(0, inHeight, height!));
}

export const resizeArea: Translator = (op, b) => {
  const alignCorners = op.bool('align_corners', false);
  return resample(op, b, (_axis, size, outSize) => {
    const scale = alignCorners && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize;
    return Array.from({ length: outSize }, (_, i) => {
      const start = Math.fround(i * Math.fround(scale));
      const end = Math.fround((i + 1) * Math.fround(scale));
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

const cubic = (near: (x: number) => number, far: (x: number) => number): Kernel => [
  2,
  x => {
    if (x < 1) return near(x);
    return x < 2 ? far(x) : 0;
  },
];

const KERNELS: Readonly<Record<string, Kernel>> = {
  lanczos1: lanczos(1),
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: [1.5, x => (x >= 1.5 ? 0 : Math.exp(-x * x * 2))],
  box: [0.5, x => (1 + Math.sign(0.5 - x)) / 2],
  triangle: [1, x => Math.max(1 - x, 0)],
  keyscubic: cubic(
    x => (1.5 * x - 2.5) * x * x + 1,
    x => ((-0.5 * x + 2.5) * x - 4) * x + 2,
  ),
  mitchellcubic: cubic(
    x => ((7 / 6) * x - 2) * x * x + 8 / 9,
    x => (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9,
  ),
};

/** Follows `ComputeSpansCore` of TensorFlow's kernel. */
export const scaleAndTranslate: Translator = (op, b) => {
  const type = op.string('kernel_type', 'lanczos3');
  const kernel = KERNELS[type];
  if (kernel === undefined)
    throw new DecantError('unsupported', `kernel '${type}' of ScaleAndTranslate is not supported`);
  const [radius, weightAt] = kernel;
  const scales = numbersOf(op.constant(2, 'scale'));
  const translations = numbersOf(op.constant(3, 'translation'));
  const antialias = op.bool('antialias', true);
  return resample(op, b, (axis, size, outSize) => {
    const inverse = Math.fround(1 / scales[axis]!);
    const stretch = antialias ? Math.max(inverse, 1) : 1;
    return Array.from({ length: outSize }, (_, i) => {
      const sample = Math.fround((i + 0.5) * inverse - inverse * translations[axis]!);
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
