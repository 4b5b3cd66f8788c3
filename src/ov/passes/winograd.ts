import { type Dim, isStatic, isStaticDim, shapeEquals } from '../../tensor/dim.ts';
import { tensor } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import type { Node, Value } from '../graph.ts';
import { Add, Multiply } from '../ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Transpose } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import { Slice } from '../ops/slice.ts';
import { concat, reshape, sizesAlong } from '../shorthand.ts';
import { activateOutputs } from './activate-tiles.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { type Pass, pass, withCleanUp } from './pass.ts';
import { rule } from './rule.ts';
import { sinkPastActivations } from './sink-transposes.ts';
import { ORDER_OF_ROWS } from './tile-rows.ts';
import {
  OF_POSITIONS,
  OF_PRODUCTS,
  OF_TAPS,
  onBothAxes,
  OUTPUTS,
  OVERHANG,
  POSITIONS,
  TAPS,
} from './winograd-matrices.ts';

type ConvolutionNode = Node<(typeof Convolution)['attributes']>;

/**
 * Costs in units of one multiplication and addition of a direct convolution, as measured with OpenVINO's kernels for AVX-512:
 * of one in the products; of each element of a tile, on its way in or out; of each filter of a channel; and of the ops.
 */
const PER_PRODUCT = 1.3;
const PER_ELEMENT = 130;
const PER_FILTER = 300;
const PER_CONVOLUTION = 5e6;

/** Of maps of open height or width, which OpenVINO copies more often, and for whose size it prepares each op anew. */
const PER_OPEN_ELEMENT = 450;
const PER_OPEN_CONVOLUTION = 4.4e7;

/** The rewritten form must take at most this part of the time. */
const WORTHWHILE = 0.85;

const SQUARE = TAPS * TAPS;
const PRODUCTS = POSITIONS * POSITIONS;

/** A height or width that is open counts as this one: maps of many channels are not much smaller. */
const OPEN_SIZE = 24;

/** Sizes of a convolution, as far as they are known: for one image, and 100 regions of interest if there are 100 of each image. */
interface Sizes {
  readonly batch: number;
  readonly channels: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Whether height or width is open. */
  readonly isOpen: boolean;
}

/**
 * Convolution(x, W)  ->  Outputs(Positions(x) * Taps(W)). Winograd's F(4x4, 3x3): tiles of 6x6 positions, and filters, become 36
 * matrices each; the 36 products become 4x4 outputs. That takes a quarter of the multiplications.
 */
const tiles = rule('winograd-tiles', '3x3 convolutions computed in tiles of 4x4', [Convolution], (node, { b }) => {
  const [x, filters] = node.inputs as readonly [Value, Value];
  const sizes = sizesOf(node);
  if (sizes === undefined || costOf(sizes) > WORTHWHILE * directCostOf(sizes)) return undefined;
  const { channels, count } = sizes;
  const [vertical, horizontal] = [0, 1].map(axis => paddingOf(node.attrs, axis)) as [Padding, Padding];
  const both = transformed(b, transformed(b, x, 1, horizontal), 0, vertical);
  const positions = reshape(b, b.add(Transpose, [both, b.i64(0, 2, 3, 1)]), PRODUCTS, -1, channels);
  const ofTaps = b.add(MatMul, [matrix(b, OF_TAPS), reshape(b, filters, count * channels, SQUARE)], {
    transpose_b: true,
  });
  const products = b.add(MatMul, [positions, reshape(b, ofTaps, PRODUCTS, count, channels)], { transpose_b: true });
  const outputs = b.add(MatMul, [matrix(b, OF_PRODUCTS), reshape(b, products, PRODUCTS, -1)]);
  const map = inRows(b, outputs, sizesAlong(b, x, 0), sizesAlong(b, both, 2, 3), count);
  return [b.add(Transpose, [cropped(b, map, node, [vertical, horizontal]), b.i64(0, 3, 1, 2)])];
});

function sizesOf({ inputs: [x, filters], outputs: [output], attrs }: ConvolutionNode): Sizes | undefined {
  const { strides, dilations } = attrs;
  if (![...strides, ...dilations].every(step => step === 1) || x!.type !== 'f32') return undefined;
  if (x!.shape.length !== 4 || !isStatic(filters!.shape)) return undefined;
  const [count, channels, ...taps] = filters!.shape;
  if (x!.shape[1] !== channels || !taps.every(size => size === TAPS)) return undefined;
  const inner = output!.shape.slice(2);
  const [height, width] = inner.map(size => (isStaticDim(size) ? size : OPEN_SIZE)) as [number, number];
  return { batch: withOnes(x!.shape[0]!), channels: channels!, count: count!, height, width, isOpen: !isStatic(inner) };
}

/** A size where each symbol is 1. */
const withOnes = (size: Dim): number =>
  isStaticDim(size)
    ? size
    : Math.max(
        1,
        [...size.terms.values()].reduce((sum, count) => sum + count),
      );

const directCostOf = ({ batch, channels, count, height, width }: Sizes): number =>
  SQUARE * batch * channels * count * height * width;

function costOf({ batch, channels, count, height, width, isOpen }: Sizes): number {
  const tiles = batch * Math.ceil(height / OUTPUTS) * Math.ceil(width / OUTPUTS);
  const elements = OUTPUTS ** 2 * (channels + count) * (isOpen ? PER_OPEN_ELEMENT : PER_ELEMENT);
  const filters = PER_FILTER * channels * count;
  return (
    tiles * (PER_PRODUCT * PRODUCTS * channels * count + elements) +
    filters +
    (isOpen ? PER_OPEN_CONVOLUTION : PER_CONVOLUTION)
  );
}

type Padding = readonly [before: number, after: number];

/** Of an axis on which windows of 3 taps move by one position. */
function paddingOf({ auto_pad, pads_begin, pads_end }: ConvolutionNode['attrs'], axis: number): Padding {
  if (auto_pad === 'explicit') return [pads_begin[axis]!, pads_end[axis]!];
  return auto_pad === 'valid' ? [0, 0] : [1, 1];
}

/** Each row of the matrix for positions, applied to windows along the height (axis 0) or width (1); stacked along the batch. */
function transformed(b: Builder, x: Value, axis: 0 | 1, [before, after]: Padding): Value {
  const channels = x.shape[1] as number;
  const along = (own: number, other: number): readonly number[] => (axis === 0 ? [own, other] : [other, own]);
  const attrs = {
    strides: along(OUTPUTS, 1),
    dilations: [1, 1],
    pads_begin: along(before, 0),
    pads_end: along(after + OVERHANG, 0),
  };
  const parts = OF_POSITIONS.map(row => {
    const filters = tensor('f32', [channels, 1, 1, ...along(POSITIONS, 1)], repeated(row, channels));
    return b.add(GroupConvolution, [x, b.constant(filters)], attrs);
  });
  return concat(b, 0, parts);
}

function repeated(row: readonly number[], times: number): Float32Array {
  const all = new Float32Array(row.length * times);
  for (let i = 0; i < times; i++) all.set(row, i * row.length);
  return all;
}

function matrix(b: Builder, ofAxis: readonly (readonly number[])[]): Value {
  const rows = onBothAxes(ofAxis);
  return b.constant(tensor('f32', [rows.length, rows[0]!.length], Float32Array.from(rows.flat())));
}

/** [16, images * tiles * count], the outputs of tiles  ->  [images, height, width, count], of whole tiles */
function inRows(b: Builder, outputs: Value, images: Value, tiles: Value, count: number): Value {
  const shape = concat(b, 0, [b.i64(OUTPUTS, OUTPUTS), images, tiles, b.i64(count)]);
  const rows = b.add(Transpose, [b.add(Reshape, [outputs, shape]), b.i64(...ORDER_OF_ROWS)]);
  const sizes = b.add(Multiply, [tiles, b.i64(OUTPUTS)]);
  return b.add(Reshape, [rows, concat(b, 0, [images, sizes, b.i64(count)])]);
}

/** [images, height, width, count], of whole tiles  ->  the same without positions behind the last one of the convolution */
function cropped(
  b: Builder,
  map: Value,
  { inputs: [x], outputs: [output] }: Node,
  paddings: readonly Padding[],
): Value {
  if (shapeEquals(map.shape.slice(1, 3), output!.shape.slice(2))) return map;
  const added = paddings.map(([before, after]) => before + after + 1 - TAPS);
  const ends = b.add(Add, [sizesAlong(b, x!, 2, 3), b.i64(...added)]);
  return b.add(Slice, [map, b.i64(0, 0), ends, b.i64(1, 1), b.i64(1, 2)]);
}

export const winograd: Pass = withCleanUp(
  pass(
    'winograd',
    'computes 3x3 convolutions of many channels with a quarter of the multiplications, unless `--no-winograd` is given',
    [tiles],
  ),
  // Convolutions share what they compute of the same map or filters.
  [eliminateCommonSubexpressions, sinkPastActivations, activateOutputs],
);
