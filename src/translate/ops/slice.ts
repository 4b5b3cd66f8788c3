import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Maximum, Minimum } from '../../ov/ops/arithmetic.ts';
import { Equal, Less } from '../../ov/ops/comparison.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Select } from '../../ov/ops/condition.ts';
import { FAR, StridedSlice, type StridedSliceMasks } from '../../ov/ops/slice.ts';
import { constantLike, unsqueeze } from '../../ov/shorthand.ts';
import { checkRank, isStaticDim } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import type { Translators, Translator } from '../translator.ts';
import { knownDim } from '../known-dim.ts';

type Entry = 'range' | 'shrink' | 'new' | 'ellipsis';

const stridedSlice: Translator = (op, b) => {
  const x = op.input(0);
  const begin = op.input(1);
  const end = op.input(2);
  const strides = op.input(3);
  const mask = (name: string): ((i: number) => boolean) => {
    const bits = op.int(`${name}_mask`, 0);
    return i => ((bits >> i) & 1) === 1;
  };
  const isEllipsis = mask('ellipsis');
  const isNew = mask('new_axis');
  const isShrink = mask('shrink_axis');
  const ignoresBegin = mask('begin');
  const ignoresEnd = mask('end');
  const count = knownDim(begin.shape[0], 'the number of slices');
  checkRank('the result of StridedSlice', count);
  const entries = Array.from({ length: count }, (_, i): Entry => {
    if (isEllipsis(i)) return 'ellipsis';
    if (isNew(i)) return 'new';
    return isShrink(i) ? 'shrink' : 'range';
  });
  const others = x.shape.length - entries.filter(entry => entry === 'shrink' || entry === 'range').length;
  // OpenVINO's StridedSlice does not shrink an axis at a position that is not constant, and miscounts axes if it also
  // adds some. Such entries become ops of their own.
  const isSeparate = (entry: Entry): boolean =>
    entry === 'new' || (entry === 'shrink' && begin.node.constant === undefined);
  let value = x;
  const added: number[] = [];
  let axis = 0;
  let axisOfResult = 0;
  entries.forEach((entry, i) => {
    if (entry === 'new') added.push(axisOfResult);
    if (entry === 'shrink' && isSeparate(entry)) value = takeOne(b, value, elementOf(b, begin, i), axis);
    else if (entry !== 'new') axis += entry === 'ellipsis' ? others : 1;
    if (entry !== 'shrink') axisOfResult += entry === 'ellipsis' ? others : 1;
  });
  const kept = entries.flatMap((entry, i) => (isSeparate(entry) ? [] : [i]));
  const keptOf = (positions: Value): Value =>
    kept.length === count ? positions : b.add(Gather, [positions, b.i64(...kept), b.scalar('i64', 0)]);
  const positions = [keptOf(begin), keptOf(end), keptOf(strides)] as const;
  const masks = {
    begin_mask: kept.map(i => ignoresBegin(i) && !isShrink(i)),
    end_mask: kept.map(i => ignoresEnd(i) && !isShrink(i)),
    shrink_axis_mask: kept.map(i => entries[i] === 'shrink'),
    new_axis_mask: kept.map(() => false),
    ellipsis_mask: kept.map(isEllipsis),
  };
  const cut = kept.length === 0 ? value : cutOf(b, value, positions, masks);
  return unsqueeze(b, cut, ...added);
};

type Positions = readonly [begin: Value, end: Value, strides: Value];

/**
 * Backward from a position before the axis, TensorFlow takes nothing, but OpenVINO takes the first element. Unless that
 * position is known to be on the axis, what lies between the two is cut out first, and then read from its end.
 */
function cutOf(b: Builder, x: Value, [begin, end, strides]: Positions, masks: StridedSliceMasks): Value {
  const starts = begin.partialValue;
  const steps = strides.partialValue;
  const isBackward = masks.begin_mask.map((isIgnored, i) => {
    const [start, step] = [starts?.[i], steps?.[i]];
    if (isIgnored || masks.shrink_axis_mask[i] === true || masks.ellipsis_mask[i] === true) return false;
    return typeof step === 'number' && step < 0 && !(typeof start === 'number' && start >= 0);
  });
  if (!isBackward.includes(true)) return b.add(StridedSlice, [x, begin, end, strides], masks);
  const whole = isBackward.map(isCut => !isCut);
  const between = b.add(
    StridedSlice,
    [
      x,
      after(b, end),
      after(b, begin),
      integersLike(
        b,
        begin,
        whole.map(() => 1),
      ),
    ],
    {
      ...masks,
      begin_mask: isBackward.map((isCut, i) => !isCut || masks.end_mask[i]!),
      end_mask: whole,
      shrink_axis_mask: whole.map(() => false),
    },
  );
  return b.add(StridedSlice, [between, begin, end, strides], {
    ...masks,
    begin_mask: isBackward.map((isCut, i) => isCut || masks.begin_mask[i]!),
    end_mask: isBackward.map((isCut, i) => isCut || masks.end_mask[i]!),
  });
}

/** The positions after others: the one after -1 is the end. */
function after(b: Builder, positions: Value): Value {
  const next = b.add(Add, [
    b.add(Minimum, [positions, constantLike(b, positions, FAR - 1)]),
    constantLike(b, positions, 1),
  ]);
  return b.add(Select, [
    b.add(Equal, [positions, constantLike(b, positions, -1)]),
    constantLike(b, positions, FAR),
    next,
  ]);
}

const elementOf = (b: Builder, values: Value, i: number): Value =>
  b.add(Gather, [values, b.scalar('i64', i), b.scalar('i64', 0)]);

const takeOne = (b: Builder, x: Value, at: Value, axis: number): Value => b.add(Gather, [x, at, b.scalar('i64', axis)]);

const sliceAxes = (b: Builder, x: Value, begin: Value, end: Value, whole: readonly boolean[]): Value => {
  if (!whole.includes(false)) return x;
  const none = whole.map(() => false);
  return b.add(StridedSlice, [x, begin, end, integersLike(b, begin, new Array<number>(whole.length).fill(1))], {
    begin_mask: whole,
    end_mask: whole,
    new_axis_mask: none,
    shrink_axis_mask: none,
    ellipsis_mask: none,
  });
};

/**
 * Inputs: data, begin, size; a size of -1 extends to the end. Axes of unknown size are sliced first, by an op of their
 * own, so that the sizes of the other axes stay known and equal slices of one value can be merged.
 */
const sliceOf: Translator = (op, b) => {
  const x = op.input(0);
  const begin = op.input(1);
  const size = op.input(2);
  const begins = begin.partialValue;
  const sizes = size.partialValue;
  if (begins === undefined || sizes === undefined) {
    throw new DecantError('unsupported', 'Slice with begin or size of unknown length is not supported', {
      remedy: 'Fix the input sizes with --input-shape.',
    });
  }
  const isUnknown = sizes.map(length => !isStaticDim(length));
  // The first slice does not use the begin of axes of known size; dropping it makes equal slices equal.
  const unknownBegin = begins.every(isStaticDim)
    ? integersLike(
        b,
        begin,
        begins.map((at, i) => (isUnknown[i] === true ? at : 0)),
      )
    : begin;
  const isRest = b.add(Less, [size, constantLike(b, size, 0)]);
  const unknownEnd = b.add(Select, [isRest, constantLike(b, size, FAR), b.add(Add, [unknownBegin, size])]);
  const cut = sliceAxes(
    b,
    x,
    unknownBegin,
    unknownEnd,
    isUnknown.map(isUnknownAxis => !isUnknownAxis),
  );
  const known = sizes.map(length => (isStaticDim(length) && length >= 0 ? length : 0));
  const end = b.add(Add, [begin, integersLike(b, size, known)]);
  const far = sizes.map(length => (length === -1 ? FAR : 0));
  const whole = sizes.map((length, i) => isUnknown[i] === true || (length === -1 && begins[i] === 0));
  const hasRest = sizes.some((length, i) => length === -1 && whole[i] === false);
  return sliceAxes(b, cut, begin, hasRest ? b.add(Maximum, [end, integersLike(b, size, far)]) : end, whole);
};

const integersLike = (b: Builder, { type }: Value, values: readonly number[]): Value =>
  b.constant(vector(type === 'i64' ? 'i64' : 'i32', values));

export const slice: Translators = {
  StridedSlice: stridedSlice,
  Slice: sliceOf,
};
