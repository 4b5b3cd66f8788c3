import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { FloorMod, Maximum, Subtract } from '../../../ov/ops/arithmetic.ts';
import { ExtractImagePatches, GatherTree, ReverseSequence, Transpose, Unique } from '../../../ov/ops/movement.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Reshape, ShapeOf } from '../../../ov/ops/shape.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { Equal, Less } from '../../../ov/ops/comparison.ts';
import { concat, constantLike, convert, sizeAlong, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { normalizeAxis } from '../../../tensor/axis.ts';
import { vector } from '../../../tensor/tensor.ts';
import { withChannelsFirst } from '../../channel-order.ts';
import { knownDim } from '../../known-dim.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translators, Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';
import { countOfSorted } from '../support/groups.ts';
import { split } from '../movement.ts';

const formatsOf = (op: TfOp): readonly [string, string] => [
  op.string('src_format', 'NHWC'),
  op.string('dst_format', 'NCHW'),
];

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
  ParallelConcat: (op, b) => concat(b, 0, op.inputs),
};
