import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Abs, Add, Divide, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Equal, Less } from '../../../ov/ops/comparison.ts';
import { Split } from '../../../ov/ops/movement.ts';
import { ReduceMax, ReduceMin } from '../../../ov/ops/reduction.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Clamp } from '../../../ov/ops/activation.ts';
import { concat, constantLike } from '../../../ov/shorthand.ts';

/** Red, green and blue, or hue, saturation and value: [..., 1] each, 0..1. */
type Channels = readonly [Value, Value, Value];

export const channelsOf = (b: Builder, x: Value): Channels =>
  b.addAll(Split, [x, b.scalar('i64', x.shape.length - 1)], { num_splits: 3 }) as unknown as Channels;

export const joinChannels = (b: Builder, channels: Channels): Value =>
  concat(b, channels[0].shape.length - 1, channels);

const to01 = (b: Builder, x: Value): Value => b.add(Clamp, [x], { min: 0, max: 1 });

export function hsvOf(b: Builder, x: Value): Channels {
  const [red, green, blue] = channelsOf(b, x);
  const number = (value: number): Value => constantLike(b, x, value);
  const last = b.i64(-1);
  const value = b.add(ReduceMax, [x, last], { keep_dims: true });
  const range = b.add(Subtract, [value, b.add(ReduceMin, [x, last], { keep_dims: true })]);
  const divideOrZero = (dividend: Value, divisor: Value): Value => {
    const isZero = b.add(Equal, [divisor, number(0)]);
    return b.add(Select, [isZero, number(0), b.add(Divide, [dividend, b.add(Select, [isZero, number(1), divisor])])]);
  };
  const sixths = (from: Value, to: Value, start: number): Value =>
    b.add(Add, [divideOrZero(b.add(Subtract, [from, to]), range), number(start)]);
  const isMost = (channel: Value): Value => b.add(Equal, [channel, value]);
  const cold = b.add(Select, [isMost(green), sixths(blue, red, 2), sixths(red, green, 4)]);
  const hue = b.add(Divide, [b.add(Select, [isMost(red), sixths(green, blue, 0), cold]), number(6)]);
  const wrapped = b.add(Select, [b.add(Less, [hue, number(0)]), b.add(Add, [hue, number(1)]), hue]);
  const isGray = b.add(Equal, [range, number(0)]);
  return [b.add(Select, [isGray, number(0), wrapped]), divideOrZero(range, value), value];
}

export function rgbOf(b: Builder, [hue, saturation, value]: Channels): Value {
  const number = (of: number): Value => constantLike(b, hue, of);
  const sixths = b.add(Multiply, [hue, number(6)]);
  const from = (middle: number): Value => b.add(Abs, [b.add(Subtract, [sixths, number(middle)])]);
  const red = to01(b, b.add(Subtract, [from(3), number(1)]));
  const green = to01(b, b.add(Subtract, [number(2), from(2)]));
  const blue = to01(b, b.add(Subtract, [number(2), from(4)]));
  const white = b.add(Subtract, [number(1), saturation]);
  const mixed = (pure: Value): Value =>
    b.add(Multiply, [b.add(Add, [white, b.add(Multiply, [saturation, pure])]), value]);
  return joinChannels(b, [mixed(red), mixed(green), mixed(blue)]);
}
