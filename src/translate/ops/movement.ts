import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { FloorMod, Maximum, Subtract } from '../../ov/ops/arithmetic.ts';
import {
  BatchToSpace,
  Broadcast,
  DepthToSpace,
  ExtractImagePatches,
  GatherTree,
  Pad,
  ReverseSequence,
  SpaceToBatch,
  SpaceToDepth,
  Split,
  Tile,
  Transpose,
  Unique,
  VariadicSplit,
} from '../../ov/ops/movement.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Reshape, ShapeOf } from '../../ov/ops/shape.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Slice, StridedSlice } from '../../ov/ops/slice.ts';
import { Equal, Less } from '../../ov/ops/comparison.ts';
import { concat, constantLike, convert, sizeAlong, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import { vector } from '../../tensor/tensor.ts';
import { withChannelsFirst } from '../channel-order.ts';
import { shapeMismatch } from '../../ov/ops/support/infer.ts';
import { knownDim } from '../known-dim.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { countTo, filledLike } from './generation.ts';
import { countOfSorted } from './support/groups.ts';

const formatsOf = (op: TfOp): readonly [string, string] => [
  op.string('src_format', 'NHWC'),
  op.string('dst_format', 'NCHW'),
];

const spatialBlocks = (rank: number, blocks: readonly number[], fill: number): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => blocks[axis - 1] ?? fill);

/** TensorFlow's block shape and margins start at axis 1, OpenVINO's at axis 0. */
const toBatch =
  (op: typeof SpaceToBatch | typeof BatchToSpace): Translator =>
  (node, b) => {
    const x = node.input(0);
    const rank = x.shape.length;
    const blocks = node.integers(1, 'block shape');
    const margins = split(b, convert(b, node.input(2), 'i64'), 1, 2).map(column => squeeze(b, column, 1));
    const zeros = (count: number): readonly Value[] => (count > 0 ? [b.i64(...new Array<number>(count).fill(0))] : []);
    const side = (which: 0 | 1): Value =>
      concat(b, 0, [...zeros(1), margins[which]!, ...zeros(rank - 1 - blocks.length)]);
    return b.add(op, [x, b.i64(...spatialBlocks(rank, blocks, 1)), side(0), side(1)]);
  };

const rearrangeBlocks = (op: TfOp, b: Builder, rearrange: typeof DepthToSpace | typeof SpaceToDepth): Value =>
  withChannelsFirst(b, op.input(0), op.string('data_format', 'NHWC'), x =>
    b.add(rearrange, [x], { block_size: op.int('block_size'), mode: 'blocks_first' }),
  );

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

function rolled(b: Builder, x: Value, shift: Value, axis: number): Value {
  const size = sizeAlong(b, x, axis);
  const indices = b.add(FloorMod, [b.add(Subtract, [countTo(b, size), shift]), size]);
  return b.add(Gather, [x, indices, b.scalar('i64', axis)]);
}

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

const unique: Translator = (op, b) => {
  const rank = op.input(0).shape.length;
  if (op.type.includes('V2') && rank !== 1) {
    throw new DecantError('unsupported', `${op.type} on a ${rank}-D input is not supported; only vectors are`, {
      remedy: 'Flatten its input in the model: tf.reshape(x, [-1]).',
    });
  }
  const type = op.elementType('out_idx', 'DT_INT32');
  const x = op.input(0);
  const cut = (value: Value, end: Value): Value => b.add(Slice, [value, b.i64(0), end, b.i64(1), b.i64(0)]);
  // OpenVINO's CPU plugin fails for no elements: add one at the end, and remove what it adds.
  const [values, , indices, counts] = b.addAll(Unique, [concat(b, 0, [x, b.constant(vector(x.type, [0]))])], {
    sorted: false,
    index_element_type: 'i64',
    count_element_type: 'i64',
  });
  const own = cut(indices!, b.i64(-1));
  const added = b.add(Gather, [indices!, b.i64(-1), b.scalar('i64', 0)]);
  const places = countTo(b, squeeze(b, b.add(ShapeOf, [counts!]), 0));
  const ownCounts = b.add(Subtract, [counts!, convert(b, b.add(Equal, [places, added]), 'i64')]);
  // The plugin computes the other outputs right only if the indices are used: cut them to the length of these.
  const length = unsqueeze(b, countOfSorted(b, own), 0);
  return [cut(values!, length), convert(b, own, type), convert(b, cut(ownCounts, length), type)];
};

const pack = (op: TfOp, b: Builder): Value => {
  const rank = op.input(0).shape.length + 1;
  const axis = normalizeAxis(op.int('axis', 0), rank);
  return concat(
    b,
    axis,
    op.inputs.map(value => unsqueeze(b, value, axis)),
  );
};

const unpack: Translator = (op, b) => {
  const x = op.input(0);
  const axis = normalizeAxis(op.int('axis', 0), x.shape.length);
  const parts = op.int('num');
  if (parts === 0) return [];
  return split(b, x, axis, parts).map(part => squeeze(b, part, axis));
};

const split = (b: Builder, x: Value, axis: number, parts: number): readonly Value[] =>
  parts === 1 ? [x] : b.addAll(Split, [x, b.scalar('i64', axis)], { num_splits: parts });

const concatenate = (op: TfOp, b: Builder, axisAt: number): Value => {
  if (op.inputs.length < 2) throw shapeMismatch(`${op.type} needs at least one value`);
  const values = op.inputs.filter((_, i) => i !== (axisAt < 0 ? op.inputs.length + axisAt : axisAt));
  return concat(b, normalizeAxis(op.integer(axisAt, 'axis'), values[0]!.shape.length), values);
};

const padOf =
  (mode: 'constant' | 'reflect' | 'symmetric'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const pads = splitPads(b, op.input(1));
    if (mode !== 'constant') return b.add(Pad, [x, ...pads], { pad_mode: mode });
    const value = op.inputs.length > 2 ? op.input(2) : constantLike(b, x, 0);
    if (value.node.constant !== undefined) return b.add(Pad, [x, ...pads, value]);
    // OpenVINO requires a constant pad value.
    const inside = b.add(Pad, [filledLike(b, x, 1, 'boolean'), ...pads, b.scalar('boolean', 0)]);
    return b.add(Select, [inside, b.add(Pad, [x, ...pads, constantLike(b, x, 0)]), value]);
  };

const splitPads = (b: Builder, pads: Value): readonly Value[] =>
  split(b, convert(b, pads, 'i64'), 1, 2).map(part => squeeze(b, part, 1));

/** OpenVINO's CPU plugin returns memory that was never written for beams without steps: they get one, and are ended. */
const gatherTree: Translator = (op, b) => {
  const steps = op.input(2);
  const end = op.input(3);
  const least = constantLike(b, steps, 1);
  const tree = b.add(GatherTree, [op.input(0), op.input(1), b.add(Maximum, [steps, least]), end]);
  return b.add(Select, [unsqueeze(b, b.add(Less, [steps, least]), 1), end, tree]);
};

export const movement: Translators = {
  /** Reorders a vector with an entry per axis; one of spatial axes only keeps its order. */
  DataFormatVecPermute: (op, b) => {
    const [from, to] = formatsOf(op);
    const x = op.input(0);
    if (knownDim(x.shape[0], 'the number of entries of DataFormatVecPermute') !== from.length) return x;
    return b.add(Gather, [x, b.i64(...Array.from(to, axis => from.indexOf(axis))), b.scalar('i64', 0)]);
  },
  DataFormatDimMap: (op, b) => {
    const [from, to] = formatsOf(op);
    const table = Array.from(from, axis => to.indexOf(axis));
    const x = op.input(0);
    const axes = convert(b, b.add(FloorMod, [x, constantLike(b, x, table.length)]), 'i64');
    return convert(b, b.add(Gather, [b.i64(...table), axes, b.scalar('i64', 0)]), x.type);
  },
  SpaceToBatchND: toBatch(SpaceToBatch),
  BatchToSpaceND: toBatch(BatchToSpace),
  DepthToSpace: (op, b) => rearrangeBlocks(op, b, DepthToSpace),
  SpaceToDepth: (op, b) => rearrangeBlocks(op, b, SpaceToDepth),
  ReverseV2: (op, b) => {
    const x = op.input(0);
    return op
      .integers(1, 'axes')
      .map(axis => normalizeAxis(axis, x.shape.length))
      .reduce((value, axis) => reversed(b, value, axis), x);
  },
  Reverse: (op, b) => {
    const flags = op.integers(1, 'axes');
    return flags.reduce((value, flag, axis) => (flag === 0 ? value : reversed(b, value, axis)), op.input(0));
  },
  GatherTree: gatherTree,
  'Addons>GatherTree': gatherTree,
  ReverseSequence: (op, b) =>
    b.add(ReverseSequence, [op.input(0), op.input(1)], {
      batch_axis: op.int('batch_dim', 0),
      seq_axis: op.int('seq_dim'),
    }),
  Roll: (op, b) => {
    const x = op.input(0);
    const axes = op.integers(2, 'axis');
    const shifts = split(b, b.add(Reshape, [convert(b, op.input(1), 'i64'), b.i64(axes.length)]), 0, axes.length);
    return axes.reduce(
      (value, axis, i) => rolled(b, value, squeeze(b, shifts[i]!, 0), normalizeAxis(axis, x.shape.length)),
      x,
    );
  },
  ExtractImagePatches: extractPatches,
  /** Inputs are real, so it is the transpose. */
  ConjugateTranspose: (op, b) => b.add(Transpose, [op.input(0), op.input(1)]),
  Unique: (op, b) => (unique(op, b) as readonly Value[]).slice(0, 2),
  UniqueWithCounts: unique,
  UniqueV2: (op, b) => (unique(op, b) as readonly Value[]).slice(0, 2),
  UniqueWithCountsV2: unique,
  Transpose: (op, b) => b.add(Transpose, [op.input(0), op.input(1)]),
  Pack: pack,
  Unpack: unpack,
  ConcatV2: (op, b) => concatenate(op, b, -1),
  Concat: (op, b) => concatenate(op, b, 0),
  ParallelConcat: (op, b) => concat(b, 0, op.inputs),
  Split: (op, b) => {
    const x = op.input(1);
    return split(b, x, normalizeAxis(op.integer(0, 'axis'), x.shape.length), op.int('num_split'));
  },
  SplitV: (op, b) => {
    const x = op.input(0);
    const axis = normalizeAxis(op.integer(2, 'axis'), x.shape.length);
    if (op.int('num_split') === 1) return x;
    return b.addAll(VariadicSplit, [x, b.scalar('i64', axis), op.input(1)]);
  },
  Pad: padOf('constant'),
  PadV2: padOf('constant'),
  MirrorPad: (op, b) => padOf(op.string('mode') === 'REFLECT' ? 'reflect' : 'symmetric')(op, b),
  Tile: (op, b) => b.add(Tile, [op.input(0), op.input(1)]),
  BroadcastTo: (op, b) => b.add(Broadcast, [op.input(0), op.input(1)]),
};
