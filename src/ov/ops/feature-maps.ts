import { type Dim, dimAdd, dimFloorDiv, dimMul, freshDim, type Shape } from '../../tensor/dim.ts';
import { numbersOf, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { boolean, elementType, number, numbers, text, word } from '../attributes.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { axesOf, knownIntegers, misfit, sizesFrom } from './rules.ts';
import { autoPad } from './convolution.ts';

/** Ops over feature maps: padding, resizing, regions, and rearranging blocks. */

/** Inputs: data, pads before, pads after and, for `constant`, the value. Negative pads crop. */
export const Pad = defineOp({
  type: 'Pad',
  opset: 'opset1',
  attributes: { pad_mode: word(['constant', 'edge', 'reflect', 'symmetric'])('constant') },
  infer: ([x, before, after]) => {
    const [begins, ends] = [sizesFrom(before!), sizesFrom(after!)];
    const shape = x!.shape.map((dim, i) => dimAdd(dim, dimAdd(begins[i] ?? 0, ends[i] ?? 0)));
    return [{ type: x!.type, shape }];
  },
});

/** Inputs: data, target sizes (or scales) of `axes`, and the axes. */
export const Interpolate = defineOp({
  type: 'Interpolate',
  opset: 'opset11',
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
    const along =
      axes === undefined ? x!.shape.map((_, i) => i) : axesOf(knownIntegers(axes, 'the axes of Interpolate'), rank);
    const scale = (axis: number, i: number): Dim =>
      scaled(dimAdd(x!.shape[axis]!, (pads_begin[axis] ?? 0) + (pads_end[axis] ?? 0)), target!.node.constant, i);
    const sizes = shape_calculation_mode === 'sizes' ? sizesFrom(target!) : along.map(scale);
    return [{ type: x!.type, shape: x!.shape.map((dim, i) => (along.includes(i) ? sizes[along.indexOf(i)]! : dim)) }];
  },
});

/** A size times one of several scales, in f32 as OpenVINO multiplies. */
function scaled(size: Dim, scales: Tensor | undefined, i: number): Dim {
  if (scales === undefined || typeof size !== 'number') return freshDim();
  return Math.floor(Math.fround(size * numbersOf(scales)[i]!));
}

/** Inputs: data [N, C, H, W], rois [R, 5] = batch index, x1, y1, x2, y2. */
export const ROIPooling = defineOp({
  type: 'ROIPooling',
  opset: 'opset2',
  attributes: {
    output_size: numbers(),
    output_roi: numbers(),
    pooled_h: number(),
    pooled_w: number(),
    spatial_scale: number(),
    method: word(['max', 'bilinear'])('max'),
  },
  infer: ([x, rois], { pooled_h, pooled_w }) => [
    { type: x!.type, shape: [rois!.shape[0]!, x!.shape[1]!, pooled_h, pooled_w] },
  ],
});

/** Inputs: data [N, C, H, W], rois [R, 4] = x1, y1, x2, y2, batch indices [R]. */
export const ROIAlign = defineOp({
  type: 'ROIAlign',
  opset: 'opset9',
  attributes: {
    pooled_h: number(),
    pooled_w: number(),
    sampling_ratio: number(),
    spatial_scale: number(),
    mode: word(['avg', 'max'])(),
    aligned_mode: word(['asymmetric', 'half_pixel_for_nn', 'half_pixel'])('asymmetric'),
  },
  infer: ([x, rois], { pooled_h, pooled_w }) => [
    { type: x!.type, shape: [rois!.shape[0]!, x!.shape[1]!, pooled_h, pooled_w] },
  ],
});

export const SpaceToDepth = defineOp({
  type: 'SpaceToDepth',
  opset: 'opset1',
  attributes: { block_size: number(), mode: word(['blocks_first', 'depth_first'])() },
  infer: ([x], { block_size: block }) => {
    const [n, c, ...spatial] = x!.shape;
    const shape = [n!, dimMul(c!, block ** spatial.length), ...spatial.map(dim => dimFloorDiv(dim, block))];
    return [{ type: x!.type, shape }];
  },
});

export const DepthToSpace = defineOp({
  type: 'DepthToSpace',
  opset: 'opset1',
  attributes: { block_size: number(), mode: word(['blocks_first', 'depth_first'])() },
  infer: ([x], { block_size: block }) => {
    const [n, c, ...spatial] = x!.shape;
    const shape = [n!, dimFloorDiv(c!, block ** spatial.length), ...spatial.map(dim => dimMul(dim, block))];
    return [{ type: x!.type, shape }];
  },
});

const blocks = (value: Value): readonly Dim[] => sizesFrom(value);

/** Inputs: data, block shape, pads before, pads after; all for every axis. */
export const SpaceToBatch = defineOp({
  type: 'SpaceToBatch',
  opset: 'opset2',
  attributes: {},
  infer: ([x, block, begin, end]) => {
    const [sizes, begins, ends] = [blocks(block!), blocks(begin!), blocks(end!)];
    const factor = sizes.reduce<Dim>(dimMul, 1);
    const shape: Shape = x!.shape.map((dim, i) =>
      i === 0 ? dimMul(dim, factor) : dimFloorDiv(dimAdd(dim, dimAdd(begins[i]!, ends[i]!)), sizes[i]!),
    );
    return [{ type: x!.type, shape }];
  },
});

/** Inputs: data, block shape, crops before, crops after; all for every axis. */
export const BatchToSpace = defineOp({
  type: 'BatchToSpace',
  opset: 'opset2',
  attributes: {},
  infer: ([x, block, begin, end]) => {
    const [sizes, begins, ends] = [blocks(block!), blocks(begin!), blocks(end!)];
    const factor = sizes.reduce<Dim>(dimMul, 1);
    const shape: Shape = x!.shape.map((dim, i) =>
      i === 0 ? dimFloorDiv(dim, factor) : dimAdd(dimMul(dim, sizes[i]!), dimMul(dimAdd(begins[i]!, ends[i]!), -1)),
    );
    return [{ type: x!.type, shape }];
  },
});

export const ExtractImagePatches = defineOp({
  type: 'ExtractImagePatches',
  opset: 'opset3',
  attributes: { sizes: numbers(), strides: numbers(), rates: numbers(), auto_pad: autoPad() },
  infer: ([x], { sizes, strides, rates, auto_pad }) => {
    const spatial = x!.shape.slice(2).map((dim, i) => {
      const extent = (sizes[i]! - 1) * rates[i]! + 1;
      const room = auto_pad === 'valid' ? dimAdd(dim, strides[i]! - extent) : dimAdd(dim, strides[i]! - 1);
      return dimFloorDiv(room, strides[i]!);
    });
    return [{ type: x!.type, shape: [x!.shape[0]!, dimMul(x!.shape[1]!, sizeOf(sizes)), ...spatial] }];
  },
});

/** Inputs: data, input low, input high, output low, output high. */
export const FakeQuantize = defineOp({
  type: 'FakeQuantize',
  opset: 'opset1',
  attributes: { levels: number(), auto_broadcast: text('numpy') },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});

/** Inputs: data, mean and variance axes. */
export const MVN = defineOp({
  type: 'MVN',
  opset: 'opset6',
  attributes: { eps: number(), normalize_variance: boolean(), eps_mode: word(['INSIDE_SQRT', 'OUTSIDE_SQRT'])() },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});

/**
 * Inputs: boxes [N, B, 4], scores [N, C, B], the most boxes a class keeps, IoU threshold, score threshold and, for soft
 * suppression, sigma. Outputs: selected [K, 3] = batch, class, box; their scores [K, 3]; how many they are [1].
 */
export const NonMaxSuppression = defineOp({
  type: 'NonMaxSuppression',
  opset: 'opset9',
  attributes: {
    box_encoding: word(['corner', 'center'])('corner'),
    sort_result_descending: boolean(true),
    output_type: elementType('i64'),
  },
  infer: ([boxes], { output_type }) => {
    if (boxes!.shape.length !== 3) throw misfit('NonMaxSuppression needs boxes [N, B, 4]');
    const count = freshDim();
    return [
      { type: output_type, shape: [count, 3] },
      { type: 'f32', shape: [count, 3] },
      { type: output_type, shape: [1] },
    ];
  },
});
