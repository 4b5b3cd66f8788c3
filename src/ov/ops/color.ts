import { dimFloorDiv, dimMul, type Shape } from '../../tensor/dim.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { misfit } from './rules.ts';

/**
 * Ops that make RGB or BGR of the colours that cameras and decoders give (BT.601, 16..235). One input holds all planes,
 * [N, H * 3 / 2, W, 1]; or each plane is an input of its own, Y [N, H, W, 1] first.
 */
const fromYuv = (type: string, planes: number) =>
  defineOp({
    type,
    opset: 'opset8',
    attributes: {},
    infer: inputs => {
      if (inputs.length !== 1 && inputs.length !== planes) throw misfit(`${type} of ${inputs.length} planes`);
      return [{ type: inputs[0]!.type, shape: colored(type, inputs[0]!, inputs.length === 1) }];
    },
  });

function colored(type: string, { shape }: Value, isWhole: boolean): Shape {
  const [n, height, width, channels] = shape;
  if (shape.length !== 4 || (typeof channels === 'number' && channels !== 1))
    throw misfit(`${type} needs planes [N, H, W, 1]`);
  return [n!, isWhole ? dimFloorDiv(dimMul(height!, 2), 3) : height!, width!, 3];
}

/** The planes are Y, and U and V by turns. */
export const NV12toRGB = fromYuv('NV12toRGB', 2);
export const NV12toBGR = fromYuv('NV12toBGR', 2);

/** The planes are Y, U and V. */
export const I420toRGB = fromYuv('I420toRGB', 3);
export const I420toBGR = fromYuv('I420toBGR', 3);
