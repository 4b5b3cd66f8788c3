import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Add, Divide, Floor, Maximum, Minimum, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Interpolate } from '../ov/ops/image.ts';
import { Concat, Pad } from '../ov/ops/movement.ts';
import { ReduceMin } from '../ov/ops/reduction.ts';
import { Reshape, ShapeOf } from '../ov/ops/shape.ts';
import { Slice } from '../ov/ops/slice.ts';
import { Convert } from '../ov/ops/type.ts';
import type { Dim } from '../tensor/dim.ts';
import { vector } from '../tensor/tensor.ts';
import type { Extent } from './geometry.ts';
import type { InputSteps, Margins, ResizeMode } from './steps.ts';

/** `x` is an NHWC image, here and below. */
export function crop(b: Builder, x: Value, { left, top, right, bottom }: Margins): Value {
  const bottomEnd = endOf(x.shape[1]!, bottom);
  const rightEnd = endOf(x.shape[2]!, right);
  return b.add(Slice, [x, b.i64(top, left), b.i64(bottomEnd, rightEnd), b.i64(1, 1), b.i64(1, 2)]);
}

function endOf(size: Dim, margin: number): number {
  if (typeof size === 'number') return size - margin;
  return margin === 0 ? 2 ** 30 : -margin;
}

export const pad = (b: Builder, x: Value, { left, top, right, bottom }: Margins, value: number): Value =>
  b.add(Pad, [x, b.i64(0, top, left, 0), b.i64(0, bottom, right, 0), b.scalar(x.type, value)]);

type Attributes = Parameters<typeof Interpolate.infer>[1];
type Mode = Pick<Attributes, 'mode'> & Partial<Attributes>;

const MODES: Readonly<Record<ResizeMode, Mode>> = {
  linear: { mode: 'linear' },
  nearest: { mode: 'nearest' },
  cubic: { mode: 'cubic' },
  bilinear_pillow: { mode: 'bilinear_pillow' },
  bicubic_pillow: { mode: 'bicubic_pillow', cube_coeff: -0.5 },
  INTER_LINEAR: { mode: 'linear' },
  INTER_NEAREST: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  INTER_CUBIC: { mode: 'cubic' },
};

const interpolate = (b: Builder, x: Value, sizes: Value, mode: ResizeMode): Value =>
  b.add(Interpolate, [x, sizes, b.i64(1, 2)], MODES[mode]);

export function fitImage(
  b: Builder,
  x: Value,
  model: Extent,
  { resize = 'linear', fit, padValue = 0 }: InputSteps,
): Value {
  const { height, width } = model;
  if (x.shape[1] === height && x.shape[2] === width) return x;
  if (fit === undefined || fit === 'standard') return interpolate(b, x, b.i64(height, width), resize);
  const target = b.i64(height, width);
  const inner = fittedSizes(b, x, model);
  const room = b.add(Subtract, [target, inner]);
  // `Divide` truncates integers; `room` is never negative.
  const before = fit === 'fit_to_window' ? b.i64(0, 0) : b.add(Divide, [room, b.i64(2)]);
  const around = (sizes: Value): Value => b.add(Concat, [b.i64(0), sizes, b.i64(0)], { axis: 0 });
  const whole = b.add(Pad, [
    interpolate(b, x, inner, resize),
    around(before),
    around(b.add(Subtract, [room, before])),
    b.scalar(x.type, padValue),
  ]);
  const [batch, , , channels] = x.shape;
  const known = [typeof batch === 'number' ? batch : -1, height, width, Number(channels)];
  return b.add(Reshape, [whole, b.i64(...known)]);
}

/** Height and width of an NHWC image after fitting: i64 [2]. */
function fittedSizes(b: Builder, x: Value, model: Extent): Value {
  const shape = b.add(ShapeOf, [x], { output_type: 'i64' });
  const own = b.add(Convert, [b.add(Slice, [shape, b.i64(1), b.i64(3), b.i64(1)])], { destination_type: 'f32' });
  return b.add(Convert, [fittedTo(b, own, model)], { destination_type: 'i64' });
}

/** `fitted` in geometry.ts as operations, on the height and width of a frame: f32 [2]. */
export function fittedTo(b: Builder, own: Value, { height, width }: Extent): Value {
  const target = b.constant(vector('f32', [height, width]));
  const ratio = b.add(ReduceMin, [b.add(Divide, [target, own]), b.i64(0)], { keep_dims: true });
  const scaled = b.add(Floor, [b.add(Add, [b.add(Multiply, [own, ratio]), b.scalar('f32', 0.5)])]);
  return b.add(Minimum, [b.add(Maximum, [scaled, b.scalar('f32', 1)]), target]);
}
