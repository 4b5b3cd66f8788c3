import { type Dim, dimAdd, dimFloorDiv, dimMul, freshDim, type Shape } from '../../tensor/dim.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';
import { boolean, number, numbers, word } from '../attributes.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { axesOf, checkIntegers, knownIntegers, shapeMismatch, sizesFrom } from './support/infer.ts';

/**
 * Converts YUV (BT.601, limited range) to RGB or BGR. Inputs: all planes in one tensor [N, H * 3 / 2, W, 1], or one input
 * per plane: Y [N, H, W, 1] and interleaved UV for NV12, or Y, U and V for I420.
 */
const fromYuv = (type: string, planes: number) =>
  defineOp({
    type,
    opset: 'opset8',
    arity: [1, planes],
    attributes: {},
    infer: inputs => {
      if (inputs.length !== 1 && inputs.length !== planes)
        throw shapeMismatch(`${type} needs 1 or ${planes} inputs, got ${inputs.length}`);
      return [{ type: inputs[0]!.type, shape: colored(type, inputs[0]!, inputs.length === 1) }];
    },
  });

function colored(type: string, { shape }: Value, isWhole: boolean): Shape {
  const [n, height, width, channels] = shape;
  if (shape.length !== 4 || (typeof channels === 'number' && channels !== 1))
    throw shapeMismatch(`${type} needs planes [N, H, W, 1]`);
  return [n!, isWhole ? dimFloorDiv(dimMul(height!, 2), 3) : height!, width!, 3];
}

export const NV12toRGB = fromYuv('NV12toRGB', 2);

export const NV12toBGR = fromYuv('NV12toBGR', 2);

export const I420toRGB = fromYuv('I420toRGB', 3);

export const I420toBGR = fromYuv('I420toBGR', 3);

/** Inputs: data, target sizes or scales and, optionally, their axes (all by default). */
export const Interpolate = defineOp({
  type: 'Interpolate',
  opset: 'opset11',
  arity: [2, 3],
  attributes: {
    mode: word(['nearest', 'linear', 'linear_onnx', 'cubic', 'bilinear_pillow', 'bicubic_pillow'])(),
    shape_calculation_mode: word(['sizes', 'scales'])('sizes'),
    coordinate_transformation_mode: word([
      'half_pixel',
      'pytorch_half_pixel',
      'asymmetric',
      'tf_half_pixel_for_nn',
      'align_corners',
    ])('half_pixel'),
    nearest_mode: word(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil', 'simple'])('round_prefer_floor'),
    antialias: boolean(false),
    pads_begin: numbers([]),
    pads_end: numbers([]),
    cube_coeff: number(-0.75),
  },
  infer: ([x, target, axes], { shape_calculation_mode, pads_begin, pads_end }) => {
    const rank = x!.shape.length;
    const pads = [...pads_begin, ...pads_end];
    checkIntegers('the pads of Interpolate', pads, pads.length, 0);
    const along =
      axes === undefined ? x!.shape.map((_, i) => i) : axesOf(knownIntegers(axes, 'the axes of Interpolate'), rank);
    const scale = (axis: number, i: number): Dim =>
      scaled(dimAdd(x!.shape[axis]!, (pads_begin[axis] ?? 0) + (pads_end[axis] ?? 0)), target!.node.constant, i);
    const sizes = shape_calculation_mode === 'sizes' ? sizesFrom(target!) : along.map(scale);
    if (sizes.length !== along.length || target!.shape[0] !== along.length)
      throw shapeMismatch(`${along.length} axes of Interpolate need as many sizes`);
    return [{ type: x!.type, shape: x!.shape.map((dim, i) => (along.includes(i) ? sizes[along.indexOf(i)]! : dim)) }];
  },
});

/** Scales in f32, as OpenVINO does. */
function scaled(size: Dim, scales: Tensor | undefined, i: number): Dim {
  if (scales === undefined || typeof size !== 'number') return freshDim();
  return Math.floor(Math.fround(size * numbersOf(scales)[i]!));
}
