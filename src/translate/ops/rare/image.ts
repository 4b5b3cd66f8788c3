import { Add, FloorMod, Maximum, Minimum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { ReduceMean } from '../../../ov/ops/reduction.ts';
import { constantLike, convert } from '../../../ov/shorthand.ts';
import { channelsOf, hsvOf, joinChannels, rgbOf } from '../support/colors.ts';
import { resizeArea, scaleAndTranslate } from '../support/resample.ts';
import type { Translators } from '../../translator.ts';

/** Colors, and resizing to weighted sums of many pixels. */
export const image: Translators = {
  RGBToHSV: (op, b) => joinChannels(b, hsvOf(b, op.input(0))),
  HSVToRGB: (op, b) => rgbOf(b, channelsOf(b, op.input(0))),
  AdjustHue: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const shifted = b.add(Add, [hue, convert(b, op.input(1), hue.type)]);
    return rgbOf(b, [b.add(FloorMod, [shifted, constantLike(b, hue, 1)]), saturation, value]);
  },
  AdjustSaturation: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const scaled = b.add(Multiply, [saturation, convert(b, op.input(1), hue.type)]);
    const limited = b.add(Minimum, [b.add(Maximum, [scaled, constantLike(b, hue, 0)]), constantLike(b, hue, 1)]);
    return rgbOf(b, [hue, limited, value]);
  },
  AdjustContrastv2: (op, b) => {
    const x = op.input(0);
    const mean = b.add(ReduceMean, [x, b.i64(-3, -2)], { keep_dims: true });
    const distance = b.add(Subtract, [x, mean]);
    return b.add(Add, [b.add(Multiply, [distance, convert(b, op.input(1), x.type)]), mean]);
  },
  ResizeArea: resizeArea,
  ScaleAndTranslate: scaleAndTranslate,
};
