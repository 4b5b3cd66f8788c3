import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, FloorMod, Maximum, Multiply, Subtract } from '../../ov/ops/elementwise.ts';
import {
  BatchToSpace,
  DepthToSpace,
  ExtractImagePatches,
  SpaceToBatch,
  SpaceToDepth,
} from '../../ov/ops/feature-maps.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf, Transpose } from '../../ov/ops/reshape.ts';
import { Bucketize, Range, ReverseSequence } from '../../ov/ops/select.ts';
import { StridedSlice } from '../../ov/ops/slice.ts';
import { withChannelsFirst } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, constantLike, convert, fromFront, squeeze, unsqueeze } from '../values.ts';

/** Ops that put elements in another order. */

const spatialBlocks = (rank: number, blocks: readonly number[], fill: number): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => blocks[axis - 1] ?? fill);

/** Blocks and pads speak of the axes behind the batch; OpenVINO's of all. */
const toBatch =
  (op: typeof SpaceToBatch | typeof BatchToSpace): Translator =>
  (node, b) => {
    const x = node.input(0);
    const rank = x.shape.length;
    const blocks = node.integers(1, 'block shape');
    const margins = node.integers(2, 'margins');
    const side = (which: 0 | 1): Value =>
      b.i64(
        ...spatialBlocks(
          rank,
          blocks.map((_, i) => margins[2 * i + which]!),
          0,
        ),
      );
    return b.add(op, [x, b.i64(...spatialBlocks(rank, blocks, 1)), side(0), side(1)]);
  };

const blocksOf = (op: TfOp, b: Builder, spread: typeof DepthToSpace | typeof SpaceToDepth): Value =>
  withChannelsFirst(b, op.input(0), op.string('data_format', 'NHWC'), x =>
    b.add(spread, [x], { block_size: op.int('block_size'), mode: 'blocks_first' }),
  );

/** One axis from its end to its start. */
function reversed(b: Builder, x: Value, axis: number): Value {
  const all = x.shape.map(() => true);
  const none = x.shape.map(() => false);
  const zeros = b.i64(...x.shape.map(() => 0));
  const steps = b.i64(...x.shape.map((_, i) => (i === axis ? -1 : 1)));
  return b.add(StridedSlice, [x, zeros, zeros, steps], {
    begin_mask: all,
    end_mask: all,
    new_axis_mask: none,
    shrink_axis_mask: none,
    ellipsis_mask: none,
  });
}

const countTo = (b: Builder, count: Value): Value =>
  b.add(Range, [b.scalar('i64', 0), count, b.scalar('i64', 1)], { output_type: 'i64' });

/** Elements moved along an axis; those that leave it come in again on the other side. */
function rolled(b: Builder, x: Value, shift: number, axis: number): Value {
  const size = b.add(Gather, [b.add(ShapeOf, [x]), b.scalar('i64', axis), b.scalar('i64', 0)]);
  const indices = b.add(FloorMod, [b.add(Subtract, [countTo(b, size), b.scalar('i64', shift)]), size]);
  return b.add(Gather, [x, indices, b.scalar('i64', axis)]);
}

const linSpace: Translator = (op, b) => {
  const [start, stop] = [op.input(0), op.input(1)];
  const count = convert(b, op.input(2), 'i64');
  const spans = b.add(Maximum, [b.add(Subtract, [count, b.scalar('i64', 1)]), b.scalar('i64', 1)]);
  const steps = convert(b, countTo(b, count), start.type);
  const step = b.add(Divide, [b.add(Subtract, [stop, start]), convert(b, spans, start.type)]);
  return b.add(Add, [start, b.add(Multiply, [steps, step])]);
};

const extractPatches: Translator = (op, b) => {
  const inner = (name: string): readonly number[] => op.ints(name).slice(1, 3);
  const auto_pad = op.string('padding') === 'VALID' ? 'valid' : 'same_upper';
  return withChannelsFirst(b, op.input(0), 'NHWC', x =>
    b.add(ExtractImagePatches, [x], {
      sizes: inner('ksizes'),
      strides: inner('strides'),
      rates: inner('rates'),
      auto_pad,
    }),
  );
};

/** Coordinates of positions in a value of a given shape: [rank, count]. */
const unravelIndex: Translator = (op, b) => {
  const [indices, dims] = [op.input(0), op.integers(1, 'shape')];
  let rest = indices;
  const rows: Value[] = [];
  for (const size of dims.toReversed()) {
    const divisor = constantLike(b, rest, size);
    const quotient = b.add(Divide, [rest, divisor]);
    rows.unshift(b.add(Subtract, [rest, b.add(Multiply, [quotient, divisor])]));
    rest = quotient;
  }
  return concat(
    b,
    0,
    rows.map(row => unsqueeze(b, row, 0)),
  );
};

export const rearrange: Translators = {
  SpaceToBatchND: toBatch(SpaceToBatch),
  BatchToSpaceND: toBatch(BatchToSpace),
  DepthToSpace: (op, b) => blocksOf(op, b, DepthToSpace),
  SpaceToDepth: (op, b) => blocksOf(op, b, SpaceToDepth),
  ReverseV2: (op, b) => {
    const x = op.input(0);
    return op
      .integers(1, 'axes')
      .map(axis => fromFront(axis, x.shape.length))
      .reduce((value, axis) => reversed(b, value, axis), x);
  },
  Reverse: (op, b) => {
    const flags = op.integers(1, 'axes');
    return flags.reduce((value, flag, axis) => (flag === 0 ? value : reversed(b, value, axis)), op.input(0));
  },
  ReverseSequence: (op, b) =>
    b.add(ReverseSequence, [op.input(0), op.input(1)], {
      batch_axis: op.int('batch_dim', 0),
      seq_axis: op.int('seq_dim'),
    }),
  Roll: (op, b) => {
    const x = op.input(0);
    const [shifts, axes] = [op.integers(1, 'shift'), op.integers(2, 'axis')];
    return axes.reduce((value, axis, i) => rolled(b, value, shifts[i]!, fromFront(axis, x.shape.length)), x);
  },
  LinSpace: linSpace,
  ExtractImagePatches: extractPatches,
  UnravelIndex: unravelIndex,
  InvertPermutation: (op, b) => {
    const order = convert(b, op.input(0), 'i64');
    const size = b.add(ShapeOf, [order]);
    const places = countTo(b, squeeze(b, size, 0));
    return convert(b, b.add(ScatterUpdate, [places, order, places, b.scalar('i64', 0)]), op.input(0).type);
  },
  /** Of real numbers it is the transpose. */
  ConjugateTranspose: (op, b) => b.add(Transpose, [op.input(0), op.input(1)]),
  Bucketize: (op, b) => {
    const bounds = op.floats('boundaries');
    const table = b.constant({ type: 'f32', shape: [bounds.length], data: Float32Array.from(bounds) });
    return b.add(Bucketize, [convert(b, op.input(0), 'f32'), table], { output_type: 'i32', with_right_bound: false });
  },
};
