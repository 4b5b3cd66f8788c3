import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Equal, FloorMod, Less, Maximum, Minimum, Multiply, Subtract } from '../../ov/ops/elementwise.ts';
import { Split } from '../../ov/ops/join.ts';
import { ReduceMax, ReduceMean, ReduceMin } from '../../ov/ops/reduce.ts';
import { Select } from '../../ov/ops/select.ts';
import { Abs, Clamp } from '../../ov/ops/unary.ts';
import type { Translators } from '../translator.ts';
import { concat, constantLike, convert } from '../values.ts';

/** Colours, the last axis of pictures: red, green and blue, or hue, saturation and value, all from 0 to 1. */

type Channels = readonly [Value, Value, Value];

const channelsOf = (b: Builder, x: Value): Channels =>
  b.addAll(Split, [x, b.scalar('i64', x.shape.length - 1)], { num_splits: 3 }) as unknown as Channels;

const joined = (b: Builder, channels: Channels): Value => concat(b, channels[0].shape.length - 1, channels);

const to01 = (b: Builder, x: Value): Value => b.add(Clamp, [x], { min: 0, max: 1 });

function hsvOf(b: Builder, x: Value): Channels {
  const [red, green, blue] = channelsOf(b, x);
  const number = (value: number): Value => constantLike(b, x, value);
  const last = b.i64(-1);
  const value = b.add(ReduceMax, [x, last], { keep_dims: true });
  const range = b.add(Subtract, [value, b.add(ReduceMin, [x, last], { keep_dims: true })]);
  /** A quotient, 0 where nothing can be divided by. */
  const share = (dividend: Value, divisor: Value): Value => {
    const isNone = b.add(Equal, [divisor, number(0)]);
    return b.add(Select, [isNone, number(0), b.add(Divide, [dividend, b.add(Select, [isNone, number(1), divisor])])]);
  };
  const sixths = (from: Value, to: Value, start: number): Value =>
    b.add(Add, [share(b.add(Subtract, [from, to]), range), number(start)]);
  const isMost = (channel: Value): Value => b.add(Equal, [channel, value]);
  const cold = b.add(Select, [isMost(green), sixths(blue, red, 2), sixths(red, green, 4)]);
  const hue = b.add(Divide, [b.add(Select, [isMost(red), sixths(green, blue, 0), cold]), number(6)]);
  const turned = b.add(Select, [b.add(Less, [hue, number(0)]), b.add(Add, [hue, number(1)]), hue]);
  const isGrey = b.add(Equal, [range, number(0)]);
  return [b.add(Select, [isGrey, number(0), turned]), share(range, value), value];
}

function rgbOf(b: Builder, [hue, saturation, value]: Channels): Value {
  const number = (of: number): Value => constantLike(b, hue, of);
  const sixths = b.add(Multiply, [hue, number(6)]);
  const from = (middle: number): Value => b.add(Abs, [b.add(Subtract, [sixths, number(middle)])]);
  const red = to01(b, b.add(Subtract, [from(3), number(1)]));
  const green = to01(b, b.add(Subtract, [number(2), from(2)]));
  const blue = to01(b, b.add(Subtract, [number(2), from(4)]));
  const white = b.add(Subtract, [number(1), saturation]);
  const mixed = (pure: Value): Value =>
    b.add(Multiply, [b.add(Add, [white, b.add(Multiply, [saturation, pure])]), value]);
  return joined(b, [mixed(red), mixed(green), mixed(blue)]);
}

export const colors: Translators = {
  RGBToHSV: (op, b) => joined(b, hsvOf(b, op.input(0))),
  HSVToRGB: (op, b) => rgbOf(b, channelsOf(b, op.input(0))),
  AdjustHue: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const moved = b.add(Add, [hue, convert(b, op.input(1), hue.type)]);
    return rgbOf(b, [b.add(FloorMod, [moved, constantLike(b, hue, 1)]), saturation, value]);
  },
  AdjustSaturation: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const scaled = b.add(Multiply, [saturation, convert(b, op.input(1), hue.type)]);
    const limited = b.add(Minimum, [b.add(Maximum, [scaled, constantLike(b, hue, 0)]), constantLike(b, hue, 1)]);
    return rgbOf(b, [hue, limited, value]);
  },
  /** Distances from the mean of each channel of each picture. */
  AdjustContrastv2: (op, b) => {
    const x = op.input(0);
    const mean = b.add(ReduceMean, [x, b.i64(-3, -2)], { keep_dims: true });
    const distance = b.add(Subtract, [x, mean]);
    return b.add(Add, [b.add(Multiply, [distance, convert(b, op.input(1), x.type)]), mean]);
  },
};
