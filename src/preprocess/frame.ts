import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { I420toRGB, NV12toRGB } from '../ov/ops/image.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Concat, Transpose } from '../ov/ops/movement.ts';
import { Unsqueeze } from '../ov/ops/shape.ts';
import { type Dim, dimMul, symbol } from '../tensor/dim.ts';
import type { ColorFormat, FrameLayout, InputSteps } from './steps.ts';

/** The graph inputs of a frame, and its RGB values in NHWC. */
export interface Frame {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly rgb: Value;
}

const CHANNELS: Readonly<Partial<Record<ColorFormat, number>>> = { RGB: 3, BGR: 3, RGBX: 4, BGRX: 4, GRAY: 1 };

const TO_NHWC: Readonly<Record<FrameLayout, readonly number[] | undefined>> = {
  NHWC: undefined,
  HWC: undefined,
  NCHW: [0, 2, 3, 1],
  CHW: [0, 2, 3, 1],
};

export function frameInput(b: Builder, name: string, steps: InputSteps, batch: Dim): Frame {
  const { color = 'RGB' } = steps;
  const channels = CHANNELS[color];
  return channels === undefined ? planes(b, name, steps, color, batch) : pixels(b, name, steps, channels, batch);
}

function pixels(b: Builder, name: string, steps: InputSteps, channels: number, batch: Dim): Frame {
  const { type = 'u8', layout = 'NHWC', color = 'RGB' } = steps;
  const { height, width } = sizeOf(name, steps);
  const hasBatch = layout.startsWith('N');
  if (!hasBatch && batch !== 1) {
    throw new DecantError('invalid-argument', `the layout ${layout} has no batch axis, but the model has a batch`);
  }
  const item = layout.endsWith('HWC') ? [height, width, channels] : [channels, height, width];
  const frame = b.parameter(name, type, hasBatch ? [batch, ...item] : item);
  const whole = hasBatch ? frame : b.add(Unsqueeze, [frame, b.i64(0)]);
  const order = TO_NHWC[layout];
  const nhwc = order === undefined ? whole : b.add(Transpose, [whole, b.i64(...order)]);
  return { inputs: new Map([[name, frame]]), rgb: toRgb(b, nhwc, color) };
}

function toRgb(b: Builder, nhwc: Value, color: ColorFormat): Value {
  const channels = (...order: readonly number[]): Value => b.add(Gather, [nhwc, b.i64(...order), b.i64(3)]);
  switch (color) {
    case 'BGR':
    case 'BGRX':
      return channels(2, 1, 0);
    case 'RGBX':
      return channels(0, 1, 2);
    case 'GRAY':
      return b.add(Concat, [nhwc, nhwc, nhwc], { axis: 3 });
    default:
      return nhwc;
  }
}

/** The inputs have OpenVINO's names: `image/y`, `image/uv`. */
function planes(b: Builder, name: string, steps: InputSteps, color: ColorFormat, batch: Dim): Frame {
  const { type = 'u8', layout = 'NHWC' } = steps;
  if (layout !== 'NHWC' || (type !== 'u8' && type !== 'f32')) {
    throw new DecantError('invalid-argument', `${color} must be u8 or f32 in NHWC, got ${type} in ${layout}`);
  }
  const { height, width } = steps.size ?? {};
  if (height !== undefined && width !== undefined && (height % 2 !== 0 || width % 2 !== 0)) {
    throw new DecantError('invalid-argument', `${color} needs an even height and width, got ${height}x${width}`);
  }
  // For a dynamic size, half of it is the unknown, so the size itself is known to be even.
  const half = {
    height: height === undefined ? symbol(`${name}.rows`) : height / 2,
    width: width === undefined ? symbol(`${name}.columns`) : width / 2,
  };
  const plane = (part: string, rows: number, columns: number, channels: number): Value =>
    b.parameter(`${name}${part}`, type, [batch, dimMul(half.height, rows), dimMul(half.width, columns), channels]);
  const inputs = {
    NV12_SINGLE_PLANE: () => [plane('', 3, 2, 1)],
    I420_SINGLE_PLANE: () => [plane('', 3, 2, 1)],
    NV12_TWO_PLANES: () => [plane('/y', 2, 2, 1), plane('/uv', 1, 1, 2)],
    I420_THREE_PLANES: () => [plane('/y', 2, 2, 1), plane('/u', 1, 1, 1), plane('/v', 1, 1, 1)],
  }[color as 'NV12_SINGLE_PLANE' | 'I420_SINGLE_PLANE' | 'NV12_TWO_PLANES' | 'I420_THREE_PLANES']();
  const rgb = b.add(color.startsWith('NV12') ? NV12toRGB : I420toRGB, inputs);
  return { inputs: new Map(inputs.map(value => [value.node.name, value])), rgb };
}

const sizeOf = (name: string, { size }: InputSteps): { readonly height: Dim; readonly width: Dim } =>
  size ?? { height: symbol(`${name}.height`), width: symbol(`${name}.width`) };
