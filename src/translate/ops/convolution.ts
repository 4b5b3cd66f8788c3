import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Maximum, Subtract } from '../../ov/ops/arithmetic.ts';
import { Convolution, ConvolutionBackpropData, GroupConvolution } from '../../ov/ops/convolution.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Pad } from '../../ov/ops/movement.ts';
import { Reshape, ShapeOf } from '../../ov/ops/shape.ts';
import { Slice } from '../../ov/ops/slice.ts';
import { checkIntegers, checkRankOf, shapeMismatch } from '../../ov/ops/support/infer.ts';
import { permuted } from '../../ov/permutation.ts';
import { concat, constantLike, convert, reshape } from '../../ov/shorthand.ts';
import { dimAdd, dimMul, dimSub } from '../../tensor/dim.ts';
import { formatOf, isChannelsLast, spatialOf, withChannelsFirst } from '../channel-order.ts';
import type { TfOp } from '../tf-op.ts';
import { knownDim } from '../known-dim.ts';
import { windowOf } from '../window.ts';
import { addBias, applyFusedOps } from './support/fused-ops.ts';
import type { Translators } from '../translator.ts';

const dilationsOf = (op: TfOp, format: string): readonly number[] => {
  const spatial = spatialOf(op.ints('strides'), format);
  return spatialOf(
    op.ints(
      'dilations',
      op.ints('strides').map(() => 1),
    ),
    format,
  ).slice(0, spatial.length);
};

const filtersFirst = (b: Builder, filters: Value): Value => {
  const rank = filters.shape.length;
  return permuted(b, filters, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i)]);
};

function convolve(op: TfOp, b: Builder): Value {
  const format = formatOf(op);
  const attrs = { ...windowOf(op, format), dilations: dilationsOf(op, format) };
  const filters = filtersFirst(b, op.input(1));
  return withChannelsFirst(b, op.input(0), format, x => {
    const [out, perGroup, ...kernel] = filters.shape.map(dim => knownDim(dim, 'the size of the filters'));
    const channels = x.shape[1]!;
    if (channels === perGroup) return b.add(Convolution, [x, filters], attrs);
    if (typeof channels !== 'number') return b.add(Convolution, [ofChannels(b, x, perGroup!), filters], attrs);
    const groups = channels / perGroup!;
    if (!Number.isInteger(groups)) {
      throw new DecantError(
        'malformed',
        `the input has ${channels} channels, which is not a multiple of the ${perGroup} channels of the filters`,
      );
    }
    const grouped = reshape(b, filters, groups, out! / groups, perGroup!, ...kernel);
    return b.add(GroupConvolution, [x, grouped], attrs);
  });
}

/** Makes inference fail for another number of channels: OpenVINO's CPU plugin would return nothing. */
const ofChannels = (b: Builder, x: Value, channels: number): Value =>
  b.add(Reshape, [x, b.i64(...x.shape.map((_, axis) => (axis === 1 ? channels : 0)))], { special_zero: true });

function convolveDepthwise(op: TfOp, b: Builder): Value {
  const format = formatOf(op);
  const attrs = { ...windowOf(op, format), dilations: dilationsOf(op, format) };
  const [height, width, channels, multiplier] = op.input(1).shape.map(dim => knownDim(dim, 'the size of the filters'));
  const filters = reshape(b, permuted(b, op.input(1), [2, 3, 0, 1]), channels!, multiplier!, 1, height!, width!);
  return withChannelsFirst(b, op.input(0), format, x => b.add(GroupConvolution, [x, filters], attrs));
}

/** @throws DecantError `malformed` if the inputs or attributes of a transposed convolution are of other ranks */
function checkTransposed(op: TfOp): void {
  const rank = op.type.startsWith('Conv3D') ? 5 : 4;
  checkRankOf(`the sizes at input 0 of ${op.type}`, op.input(0), 1);
  const sizes = op.input(0).shape[0]!;
  if (typeof sizes === 'number' && sizes !== rank) throw shapeMismatch(`${op.type} needs ${rank} sizes, not ${sizes}`);
  checkRankOf(`the filters of ${op.type}`, op.input(1), rank);
  checkRankOf(`input 2 of ${op.type}`, op.input(2), rank);
  for (const name of ['strides', 'dilations']) {
    checkIntegers(`${name} of ${op.type}`, op.ints(name, new Array<number>(rank).fill(1)), rank, 1);
  }
}

function convolveTransposed(op: TfOp, b: Builder): Value {
  checkTransposed(op);
  const format = formatOf(op);
  const window = windowOf(op, format);
  const dilations = dilationsOf(op, format);
  const filters = filtersFirst(b, op.input(1));
  const target = op.input(0).partialValue;
  return withChannelsFirst(b, op.input(2), format, x => {
    // The padding is often known although the sizes are not: an output of 2 * h for an input of h with a stride of 2.
    const total = filters.shape.slice(2).map((dim, i) => {
      const extent = (knownDim(dim, 'the size of the filters') - 1) * dilations[i]! + 1;
      const reach = dimAdd(dimMul(dimSub(x.shape[i + 2]!, 1), window.strides[i]!), extent);
      return target === undefined ? undefined : dimSub(reach, spatialOf(target, format)[i]!);
    });
    if (!total.every(excess => typeof excess === 'number')) return convolveAndCut(op, b, x, filters);
    // As in the forward convolution, SAME puts the odd element of padding at the end.
    const pads =
      window.auto_pad === 'explicit'
        ? window
        : {
            pads_begin: total.map(pad => Math.floor(Math.max(pad, 0) / 2)),
            pads_end: total.map(pad => Math.max(pad, 0) - Math.floor(Math.max(pad, 0) / 2)),
          };
    return b.add(ConvolutionBackpropData, [x, filters], {
      strides: window.strides,
      dilations,
      pads_begin: pads.pads_begin,
      pads_end: pads.pads_end,
      output_padding: total.map(pad => Math.max(-pad, 0)),
    });
  });
}

/** Computes all that the windows reach, adds zeros up to the wanted size, and cuts the padding, which is computed. */
function convolveAndCut(op: TfOp, b: Builder, x: Value, filters: Value): Value {
  const format = formatOf(op);
  const window = windowOf(op, format);
  const rank = x.shape.length;
  const none = window.strides.map(() => 0);
  const axes = window.strides.map((_, i) => i + 2);
  const reached = b.add(ConvolutionBackpropData, [x, filters], {
    strides: window.strides,
    dilations: dilationsOf(op, format),
    pads_begin: none,
    pads_end: none,
    output_padding: none,
  });
  const pick = (values: Value, ...at: readonly number[]): Value =>
    b.add(Gather, [values, b.i64(...at), b.scalar('i64', 0)]);
  const spatial = isChannelsLast(format) ? axes.map(axis => axis - 1) : axes;
  const wanted = pick(convert(b, op.input(0), 'i64'), ...spatial);
  const excess = b.add(Subtract, [pick(b.add(ShapeOf, [reached]), ...axes), wanted]);
  const zero = b.scalar('i64', 0);
  const half = b.add(Divide, [b.add(Maximum, [excess, zero]), b.scalar('i64', 2)], { m_pythondiv: true });
  const begin = window.auto_pad === 'explicit' ? b.i64(...window.pads_begin) : half;
  const missing = b.add(Maximum, [b.add(Subtract, [begin, excess]), zero]);
  const padded = b.add(
    Pad,
    [
      reached,
      b.i64(...new Array<number>(rank).fill(0)),
      concat(b, 0, [b.i64(0, 0), missing]),
      constantLike(b, reached, 0),
    ],
    { pad_mode: 'constant' },
  );
  return b.add(Slice, [padded, begin, b.add(Add, [begin, wanted]), b.i64(...axes.map(() => 1)), b.i64(...axes)]);
}

export const convolution: Translators = {
  Conv2D: convolve,
  Conv3D: convolve,
  _FusedConv2D: (op, b) => applyFusedOps(op, b, convolve(op, b), formatOf(op)),
  DepthwiseConv2dNative: convolveDepthwise,
  FusedDepthwiseConv2dNative: (op, b) => applyFusedOps(op, b, convolveDepthwise(op, b), formatOf(op)),
  _FusedDepthwiseConv2dNative: (op, b) => applyFusedOps(op, b, convolveDepthwise(op, b), formatOf(op)),
  Conv2DBackpropInput: convolveTransposed,
  Conv3DBackpropInputV2: convolveTransposed,
  BiasAdd: (op, b) => addBias(b, op.input(0), op.input(1), formatOf(op)),
};
