import { isStatic } from '../../tensor/dim.ts';
import { tensor } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import type { Node, Value } from '../graph.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Transpose } from '../ops/movement.ts';
import { Slice } from '../ops/slice.ts';
import { padBefore } from '../ops/support/window.ts';
import { concat, reshape } from '../shorthand.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { type Pass, pass, withCleanUp } from './pass.ts';
import { rule } from './rule.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { OF_POSITIONS, OF_PRODUCTS, OF_TAPS, onBothAxes, OUTPUTS, POSITIONS, TAPS } from './winograd-matrices.ts';

type ConvolutionNode = Node<(typeof Convolution)['attributes']>;

/**
 * Costs in units of one multiplication and addition of a direct convolution, as measured with OpenVINO's kernels for AVX-512:
 * of one in the products; of each element of a tile, on its way in or out; of each filter of a channel; and of the ops.
 */
const PER_PRODUCT = 1.3;
const PER_ELEMENT = 130;
const PER_FILTER = 300;
const PER_CONVOLUTION = 5e6;

/** The rewritten form must take at most this part of the time. */
const WORTHWHILE = 0.85;

const SQUARE = TAPS * TAPS;
const PRODUCTS = POSITIONS * POSITIONS;

/** Sizes of a convolution, where `batch` is 1 if it is open; `rows` and `columns` count the tiles of an image. */
interface Sizes {
  readonly batch: number;
  readonly channels: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Convolution(x, W)  ->  Outputs(Positions(x) * Taps(W)). Winograd's F(4x4, 3x3): tiles of 6x6 positions, and filters, become 36
 * matrices each; the 36 products become 4x4 outputs. That takes a quarter of the multiplications.
 */
const tiles = rule('winograd-tiles', '3x3 convolutions computed in tiles of 4x4', [Convolution], (node, { b }) => {
  const [x, filters] = node.inputs as readonly [Value, Value];
  const sizes = sizesOf(node);
  if (sizes === undefined || costOf(sizes) > WORTHWHILE * directCostOf(sizes)) return undefined;
  const { channels, count, height, width, rows, columns } = sizes;
  const inputs = [2, 3].map(axis => x.shape[axis] as number);
  const [top, left] = [0, 1].map(axis => padBefore(node.attrs, axis, inputs[axis]!, TAPS, [height, width][axis]!));
  const both = transformed(b, transformed(b, x, 1, left!, columns), 0, top!, rows);
  const positions = reshape(b, b.add(Transpose, [both, b.i64(0, 2, 3, 1)]), PRODUCTS, -1, channels);
  const ofTaps = b.add(MatMul, [matrix(b, OF_TAPS), reshape(b, filters, count * channels, SQUARE)], {
    transpose_b: true,
  });
  const products = b.add(MatMul, [positions, reshape(b, ofTaps, PRODUCTS, count, channels)], { transpose_b: true });
  const outputs = b.add(MatMul, [matrix(b, OF_PRODUCTS), reshape(b, products, PRODUCTS, -1)]);
  const inTiles = reshape(b, outputs, OUTPUTS, OUTPUTS, -1, rows, columns, count);
  const inRows = b.add(Transpose, [inTiles, b.i64(2, 3, 0, 4, 1, 5)]);
  const map = reshape(b, inRows, -1, rows * OUTPUTS, columns * OUTPUTS, count);
  const isWhole = rows * OUTPUTS === height && columns * OUTPUTS === width;
  const fitting = isWhole ? map : b.add(Slice, [map, b.i64(0, 0), b.i64(height, width), b.i64(1, 1), b.i64(1, 2)]);
  return [b.add(Transpose, [fitting, b.i64(0, 3, 1, 2)])];
});

function sizesOf({ inputs: [x, filters], outputs: [output], attrs }: ConvolutionNode): Sizes | undefined {
  const { strides, dilations } = attrs;
  if (![...strides, ...dilations].every(step => step === 1) || x!.type !== 'f32') return undefined;
  const [batch, ...inner] = x!.shape;
  if (inner.length !== 3 || !isStatic([...inner, ...output!.shape.slice(1), ...filters!.shape])) return undefined;
  const [count, channels, ...taps] = filters!.shape as readonly number[];
  if (!taps.every(size => size === TAPS)) return undefined;
  const [height, width] = output!.shape.slice(2) as [number, number];
  const [rows, columns] = [height, width].map(size => Math.ceil(size / OUTPUTS)) as [number, number];
  return {
    batch: typeof batch === 'number' ? batch : 1,
    channels: channels!,
    count: count!,
    height,
    width,
    rows,
    columns,
  };
}

const directCostOf = ({ batch, channels, count, height, width }: Sizes): number =>
  SQUARE * batch * channels * count * height * width;

const costOf = ({ batch, channels, count, rows, columns }: Sizes): number =>
  batch *
    rows *
    columns *
    (PER_PRODUCT * PRODUCTS * channels * count + PER_ELEMENT * OUTPUTS ** 2 * (channels + count)) +
  PER_FILTER * channels * count +
  PER_CONVOLUTION;

/** Each row of the matrix for positions, applied to windows along the height (axis 0) or width (1); stacked along the batch. */
function transformed(b: Builder, x: Value, axis: 0 | 1, padding: number, windows: number): Value {
  const [channels, ...sizes] = x.shape.slice(1) as readonly number[];
  const along = (own: number, other: number): readonly number[] => (axis === 0 ? [own, other] : [other, own]);
  const attrs = {
    strides: along(OUTPUTS, 1),
    dilations: [1, 1],
    pads_begin: along(padding, 0),
    pads_end: along((windows - 1) * OUTPUTS + POSITIONS - sizes[axis]! - padding, 0),
  };
  const parts = OF_POSITIONS.map(row => {
    const filters = tensor('f32', [channels!, 1, 1, ...along(POSITIONS, 1)], repeated(row, channels!));
    return b.add(GroupConvolution, [x, b.constant(filters)], attrs);
  });
  return concat(b, 0, parts);
}

const repeated = (row: readonly number[], times: number): Float32Array =>
  Float32Array.from({ length: row.length * times }, (_, i) => row[i % row.length]!);

function matrix(b: Builder, ofAxis: readonly (readonly number[])[]): Value {
  const rows = onBothAxes(ofAxis);
  return b.constant(tensor('f32', [rows.length, rows[0]!.length], Float32Array.from(rows.flat())));
}

export const winograd: Pass = withCleanUp(
  pass(
    'winograd',
    'computes 3x3 convolutions of many channels with a quarter of the multiplications, unless `--no-winograd` is given',
    [tiles],
  ),
  // Convolutions share what they compute of the same map or filters, and the transposes move past biases and activations.
  [eliminateCommonSubexpressions, sinkTransposes],
);
