import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Less, Maximum } from '../../ov/ops/elementwise.ts';
import { Split, VariadicSplit } from '../../ov/ops/join.ts';
import { Broadcast, Tile } from '../../ov/ops/expand.ts';
import { Pad } from '../../ov/ops/feature-maps.ts';
import { ReduceProd } from '../../ov/ops/reduce.ts';
import { Reshape, ShapeOf, Transpose } from '../../ov/ops/reshape.ts';
import { Range, Select } from '../../ov/ops/select.ts';
import { StridedSlice } from '../../ov/ops/slice.ts';
import { isStaticDim } from '../../tensor/dim.ts';
import { type Tensor, vector } from '../../tensor/tensor.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, constantLike, convert, fromFront, squeeze, unsqueeze } from '../values.ts';

/** Ops that give values another shape, or join and cut them. */

const bits = (mask: number, count: number): readonly boolean[] =>
  Array.from({ length: count }, (_, i) => ((mask >> i) & 1) === 1);

const stridedSlice: Translator = (op, b) => {
  const count = op.input(1).shape[0];
  if (typeof count !== 'number') throw new DecantError('unsupported', 'StridedSlice with an unknown number of slices');
  const mask = (name: string): readonly boolean[] => bits(op.int(name, 0), count);
  return b.add(StridedSlice, [op.input(0), op.input(1), op.input(2), op.input(3)], {
    begin_mask: mask('begin_mask'),
    end_mask: mask('end_mask'),
    new_axis_mask: mask('new_axis_mask'),
    shrink_axis_mask: mask('shrink_axis_mask'),
    ellipsis_mask: mask('ellipsis_mask'),
  });
};

/** Beyond the end of every axis. */
const FAR = 2 ** 31 - 1;

/** A slice of every axis from `begin` to `end`, where `whole` axes are taken as they are. */
const sliceAxes = (b: Builder, x: Value, begin: Value, end: Value, whole: readonly boolean[]): Value => {
  if (!whole.includes(false)) return x;
  const none = whole.map(() => false);
  const step = b.constant(
    integersLike(
      begin,
      none.map(() => 1),
    ),
  );
  return b.add(StridedSlice, [x, begin, end, step], {
    begin_mask: whole,
    end_mask: whole,
    new_axis_mask: none,
    shrink_axis_mask: none,
    ellipsis_mask: none,
  });
};

/**
 * Inputs: data, begin, size, where a size of -1 is all that follows. Axes whose size only running the model tells are cut
 * on their own, first: what is known of the others stays known, and equal cuts of one value are one.
 */
const slice: Translator = (op, b) => {
  const [x, begin, size] = [op.input(0), op.input(1), op.input(2)];
  const [begins, sizes] = [begin.contents, size.contents];
  if (begins === undefined || sizes === undefined) {
    throw new DecantError('unsupported', 'Slice with an unknown number of sizes');
  }
  const isOpen = sizes.map(length => !isStaticDim(length));
  // The begins of the axes that are cut at this step; those of the others are nobody's business.
  const only = (chosen: readonly boolean[]): Value =>
    begins.every(isStaticDim)
      ? b.constant(
          integersLike(
            begin,
            begins.map((at, i) => (chosen[i] === true ? at : 0)),
          ),
        )
      : begin;
  const openBegin = only(isOpen);
  const negative = b.add(Less, [size, constantLike(b, size, 0)]);
  const openEnd = b.add(Select, [negative, constantLike(b, size, FAR), b.add(Add, [openBegin, size])]);
  const cut = sliceAxes(
    b,
    x,
    openBegin,
    openEnd,
    isOpen.map(open => !open),
  );
  const known = b.constant(
    integersLike(
      size,
      sizes.map(length => (isStaticDim(length) && length >= 0 ? length : 0)),
    ),
  );
  const rest = sizes.map((length, i) => !isStaticDim(length) || (length === -1 && begins[i] === 0));
  if (!sizes.includes(-1) || begins.every((at, i) => sizes[i] !== -1 || at === 0)) {
    return sliceAxes(b, cut, begin, b.add(Add, [begin, known]), rest);
  }
  const toTheEnd = b.constant(
    integersLike(
      size,
      sizes.map(length => (length === -1 ? FAR : 0)),
    ),
  );
  return sliceAxes(b, cut, begin, b.add(Maximum, [b.add(Add, [begin, known]), toTheEnd]), rest);
};

const integersLike = ({ type }: Value, values: readonly number[]): Tensor =>
  vector(type === 'i64' ? 'i64' : 'i32', values);

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
const padOf = (mode: 'constant' | 'reflect' | 'symmetric'): Translator => {
  return (op, b) => {
    const x = op.input(0);
    const pads = squeezePads(b, op.input(1));
    const value = op.inputs.length > 2 ? op.input(2) : constantLike(b, x, 0);
    const inputs = mode === 'constant' ? [x, pads[0]!, pads[1]!, value] : [x, pads[0]!, pads[1]!];
    return b.add(Pad, inputs, { pad_mode: mode });
  };
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
  StridedSlice: stridedSlice,
  Slice: slice,
  Pack: pack,
  Unpack: unpack,
  ConcatV2: (op, b) => concatenate(op, b, -1),
  Concat: (op, b) => concatenate(op, b, 0),
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
  ZerosLike: (op, b) => filledLike(b, op.input(0), 0),
  OnesLike: (op, b) => filledLike(b, op.input(0), 1),
  Range: (op, b) => b.add(Range, [op.input(0), op.input(1), op.input(2)], { output_type: op.input(0).type }),
};

const shapeType = (op: TfOp): 'i32' | 'i64' => (op.dtype('out_type', 'DT_INT32') === 'DT_INT64' ? 'i64' : 'i32');

const filledLike = (b: Builder, x: Value, value: number): Value =>
  b.add(Broadcast, [constantLike(b, x, value), b.add(ShapeOf, [x])]);
