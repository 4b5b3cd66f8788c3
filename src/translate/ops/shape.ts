import type { Value } from '../../ov/graph.ts';
import { Add, Divide, FloorMod, Multiply, Subtract } from '../../ov/ops/arithmetic.ts';
import { Equal, Less } from '../../ov/ops/comparison.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Broadcast } from '../../ov/ops/movement.ts';
import { ReduceProd } from '../../ov/ops/reduction.ts';
import { Reshape, ShapeOf } from '../../ov/ops/shape.ts';
import { concat, constantLike, convert, reshape, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import { boundsOf, isStaticDim } from '../../tensor/dim.ts';
import { DecantError } from '../../errors.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';

const unravelIndex: Translator = (op, b) => {
  const indices = op.input(0);
  const dims = op.integers(1, 'shape');
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

/** The axes of size 1. @throws DecantError `unsupported` if an unknown size may be 1, as then the rank is unknown too */
function onesOf({ shape }: Value): readonly number[] {
  const open = shape.findIndex(dim => !isStaticDim(dim) && !/^(?:[2-9]|\d{2})/.test(boundsOf(dim) ?? ''));
  if (open < 0) return shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  throw new DecantError(
    'unsupported',
    `Squeeze without axes needs to know whether dimension ${open} of its input is 1`,
    {
      remedy: 'Fix the input sizes with --input-shape, or the batch with --batch.',
    },
  );
}

const shapeType = (op: TfOp): 'i32' | 'i64' => (op.dtype('out_type', 'DT_INT32') === 'DT_INT64' ? 'i64' : 'i32');

const expandDims: Translator = (op, b) => {
  const x = op.input(0);
  const rank = x.shape.length + 1;
  if (op.input(1).node.constant !== undefined) return unsqueeze(b, x, normalizeAxis(op.integer(1, 'axis'), rank));
  const given = reshape(b, convert(b, op.input(1), 'i64'));
  const axis = b.add(FloorMod, [given, b.scalar('i64', rank)]);
  const axes = b.i64(...Array.from({ length: rank }, (_, p) => p));
  const sizes = concat(b, 0, [b.i64(1), b.add(ShapeOf, [x])]);
  const before = convert(b, b.add(Less, [axes, axis]), 'i64');
  const from = b.add(Select, [b.add(Equal, [axes, axis]), b.scalar('i64', 0), b.add(Add, [axes, before])]);
  return b.add(Reshape, [x, b.add(Gather, [sizes, from, b.scalar('i64', 0)])]);
};

export const shape: Translators = {
  UnravelIndex: unravelIndex,
  Shape: (op, b) => b.add(ShapeOf, [op.input(0)], { output_type: shapeType(op) }),
  ShapeN: (op, b) => op.inputs.map(x => b.add(ShapeOf, [x], { output_type: shapeType(op) })),
  Size: (op, b) => {
    const sizes = b.add(ShapeOf, [op.input(0)], { output_type: shapeType(op) });
    return b.add(ReduceProd, [sizes, b.i64(0)]);
  },
  Rank: (op, b) => b.scalar('i32', op.input(0).shape.length),
  Reshape: (op, b) => b.add(Reshape, [op.input(0), op.input(1)]),
  ExpandDims: expandDims,
  Squeeze: (op, b) => {
    const x = op.input(0);
    const axes = op.ints('squeeze_dims', op.ints('axis', []));
    return squeeze(b, x, ...(axes.length > 0 ? axes.map(axis => normalizeAxis(axis, x.shape.length)) : onesOf(x)));
  },
  BroadcastArgs: (op, b) => {
    // The broadcast of two shapes is the shape of a tensor broadcast to both.
    const p = op.input(0);
    const q = op.input(1);
    const one = b.add(Broadcast, [b.scalar('i32', 0), p]);
    return b.add(ShapeOf, [b.add(Broadcast, [one, q], { mode: 'bidirectional' })], { output_type: p.type });
  },
};
