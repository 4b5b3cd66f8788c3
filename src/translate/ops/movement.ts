import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import {
  BatchToSpace,
  Broadcast,
  DepthToSpace,
  Pad,
  SpaceToBatch,
  SpaceToDepth,
  Split,
  Tile,
  Transpose,
  VariadicSplit,
} from '../../ov/ops/movement.ts';
import { Select } from '../../ov/ops/condition.ts';
import { StridedSlice } from '../../ov/ops/slice.ts';
import { concat, constantLike, convert, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import { withChannelsFirst } from '../channel-order.ts';
import { shapeMismatch } from '../../ov/ops/support/infer.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { filledLike } from './generation.ts';

const spatialBlocks = (rank: number, blocks: readonly number[], fill: number): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => blocks[axis - 1] ?? fill);

/** TensorFlow's block shape and margins start at axis 1, OpenVINO's at axis 0. */
const toBatch =
  (op: typeof SpaceToBatch): Translator =>
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

const rearrangeBlocks = (op: TfOp, b: Builder, rearrange: typeof DepthToSpace): Value =>
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

export const split = (b: Builder, x: Value, axis: number, parts: number): readonly Value[] =>
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

export const movement: Translators = {
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
  Transpose: (op, b) => b.add(Transpose, [op.input(0), op.input(1)]),
  Pack: pack,
  Unpack: unpack,
  ConcatV2: (op, b) => concatenate(op, b, -1),
  Concat: (op, b) => concatenate(op, b, 0),
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
