import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Split, VariadicSplit } from '../../ov/ops/join.ts';
import { Broadcast, Tile } from '../../ov/ops/expand.ts';
import { Pad } from '../../ov/ops/feature-maps.ts';
import { ReduceProd } from '../../ov/ops/reduce.ts';
import { Reshape, ShapeOf, Transpose } from '../../ov/ops/reshape.ts';
import { Range, Select } from '../../ov/ops/select.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, constantLike, convert, fromFront, squeeze, unsqueeze } from '../values.ts';

/** Ops that give values another shape, join and split them, pad and repeat them. */

const pack = (op: TfOp, b: Builder): Value => {
  const rank = op.input(0).shape.length + 1;
  const axis = fromFront(op.int('axis', 0), rank);
  return concat(
    b,
    axis,
    op.inputs.map(value => unsqueeze(b, value, axis)),
  );
};

const unpack: Translator = (op, b) => {
  const x = op.input(0);
  const axis = fromFront(op.int('axis', 0), x.shape.length);
  const parts = op.int('num');
  if (parts === 0) return [];
  return split(b, x, axis, parts).map(part => squeeze(b, part, axis));
};

const split = (b: Builder, x: Value, axis: number, parts: number): readonly Value[] =>
  parts === 1 ? [x] : b.addAll(Split, [x, b.scalar('i64', axis)], { num_splits: parts });

const concatenate = (op: TfOp, b: Builder, axisAt: number): Value => {
  const values = op.inputs.filter((_, i) => i !== (axisAt < 0 ? op.inputs.length + axisAt : axisAt));
  return concat(b, fromFront(op.integer(axisAt, 'axis'), values[0]!.shape.length), values);
};

/** The pads of [[before, after], ...], one axis a row. */
const padOf =
  (mode: 'constant' | 'reflect' | 'symmetric'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const pads = squeezePads(b, op.input(1));
    if (mode !== 'constant') return b.add(Pad, [x, ...pads], { pad_mode: mode });
    const value = op.inputs.length > 2 ? op.input(2) : constantLike(b, x, 0);
    if (value.node.constant !== undefined) return b.add(Pad, [x, ...pads, value]);
    // OpenVINO takes no value to pad with that it does not know from the start.
    const inside = b.add(Pad, [filledLike(b, x, 1, 'boolean'), ...pads, b.scalar('boolean', 0)]);
    return b.add(Select, [inside, b.add(Pad, [x, ...pads, constantLike(b, x, 0)]), value]);
  };

const squeezePads = (b: Builder, pads: Value): readonly Value[] =>
  split(b, convert(b, pads, 'i64'), 1, 2).map(part => squeeze(b, part, 1));

export const shapes: Translators = {
  Shape: (op, b) => b.add(ShapeOf, [op.input(0)], { output_type: shapeType(op) }),
  ShapeN: (op, b) => op.inputs.map(x => b.add(ShapeOf, [x], { output_type: shapeType(op) })),
  Size: (op, b) => {
    const sizes = b.add(ShapeOf, [op.input(0)], { output_type: shapeType(op) });
    return b.add(ReduceProd, [sizes, b.i64(0)]);
  },
  Rank: (op, b) => b.scalar('i32', op.input(0).shape.length),
  Reshape: (op, b) => b.add(Reshape, [op.input(0), op.input(1)]),
  ExpandDims: (op, b) => unsqueeze(b, op.input(0), fromFront(op.integer(1, 'axis'), op.input(0).shape.length + 1)),
  Squeeze: (op, b) => {
    const x = op.input(0);
    const axes = op.ints('squeeze_dims', op.ints('axis', []));
    const ones = x.shape.flatMap((dim, i) => (dim === 1 ? [i] : []));
    return squeeze(b, x, ...(axes.length > 0 ? axes.map(axis => fromFront(axis, x.shape.length)) : ones));
  },
  Transpose: (op, b) => b.add(Transpose, [op.input(0), op.input(1)]),
  Pack: pack,
  Unpack: unpack,
  ConcatV2: (op, b) => concatenate(op, b, -1),
  Concat: (op, b) => concatenate(op, b, 0),
  ParallelConcat: (op, b) => concat(b, 0, op.inputs),
  Split: (op, b) => {
    const x = op.input(1);
    return split(b, x, fromFront(op.integer(0, 'axis'), x.shape.length), op.int('num_split'));
  },
  SplitV: (op, b) => {
    const x = op.input(0);
    const axis = fromFront(op.integer(2, 'axis'), x.shape.length);
    if (op.int('num_split') === 1) return x;
    return b.addAll(VariadicSplit, [x, b.scalar('i64', axis), op.input(1)]);
  },
  Pad: padOf('constant'),
  PadV2: padOf('constant'),
  MirrorPad: (op, b) => padOf(op.string('mode') === 'REFLECT' ? 'reflect' : 'symmetric')(op, b),
  Tile: (op, b) => b.add(Tile, [op.input(0), op.input(1)]),
  BroadcastTo: (op, b) => b.add(Broadcast, [op.input(0), op.input(1)]),
  BroadcastArgs: (op, b) => {
    // A shape broadcast with another is the shape of a value broadcast to both.
    const [p, q] = [op.input(0), op.input(1)];
    const one = b.add(Broadcast, [b.scalar('i32', 0), p]);
    return b.add(ShapeOf, [b.add(Broadcast, [one, q], { mode: 'bidirectional' })], { output_type: p.type });
  },
  Fill: (op, b) => b.add(Broadcast, [op.input(1), op.input(0)]),
  /** What it leaves open is 0 here. */
  Empty: (op, b) => b.add(Broadcast, [b.scalar(op.elementType('dtype'), 0), op.input(0)]),
  ZerosLike: (op, b) => filledLike(b, op.input(0), 0),
  OnesLike: (op, b) => filledLike(b, op.input(0), 1),
  Range: (op, b) => b.add(Range, [op.input(0), op.input(1), op.input(2)], { output_type: op.input(0).type }),
};

const shapeType = (op: TfOp): 'i32' | 'i64' => (op.dtype('out_type', 'DT_INT32') === 'DT_INT64' ? 'i64' : 'i32');

const filledLike = (b: Builder, x: Value, value: number, type = x.type): Value =>
  b.add(Broadcast, [b.scalar(type, value), b.add(ShapeOf, [x])]);
