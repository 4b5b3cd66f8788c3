import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Maximum } from '../../ov/ops/arithmetic.ts';
import { Less } from '../../ov/ops/comparison.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Select } from '../../ov/ops/condition.ts';
import { FAR, StridedSlice } from '../../ov/ops/slice.ts';
import { constantLike, unsqueeze } from '../../ov/shorthand.ts';
import { isStaticDim } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import type { Translators, Translator } from '../translator.ts';
import { knownDim } from '../values.ts';

/** Ops that cut values out of values. */

/** What an entry of a StridedSlice does: cuts an axis, takes it at one position, adds one, or stands for all others. */
type Entry = 'range' | 'one' | 'new' | 'ellipsis';

const stridedSlice: Translator = (op, b) => {
  const [x, begin, end, strides] = [op.input(0), op.input(1), op.input(2), op.input(3)];
  const mask = (name: string): ((i: number) => boolean) => {
    const bits = op.int(`${name}_mask`, 0);
    return i => ((bits >> i) & 1) === 1;
  };
  const [isEllipsis, isNew, isOne] = [mask('ellipsis'), mask('new_axis'), mask('shrink_axis')];
  const [ignoresBegin, ignoresEnd] = [mask('begin'), mask('end')];
  const count = knownDim(begin.shape[0], 'the number of slices');
  const entries = Array.from({ length: count }, (_, i): Entry =>
    isEllipsis(i) ? 'ellipsis' : isNew(i) ? 'new' : isOne(i) ? 'one' : 'range',
  );
  const others = x.shape.length - entries.filter(entry => entry === 'one' || entry === 'range').length;
  // OpenVINO does not take the one position where it cannot know it, and loses its place where an axis is added too.
  const isApart = (entry: Entry): boolean => entry === 'new' || (entry === 'one' && begin.node.constant === undefined);
  let value = x;
  const added: number[] = [];
  let [axis, axisOfResult] = [0, 0];
  entries.forEach((entry, i) => {
    if (entry === 'new') added.push(axisOfResult);
    if (entry === 'one' && isApart(entry)) value = takeOne(b, value, elementOf(b, begin, i), axis);
    else axis += entry === 'ellipsis' ? others : entry === 'new' ? 0 : 1;
    axisOfResult += entry === 'ellipsis' ? others : entry === 'one' ? 0 : 1;
  });
  const kept = entries.flatMap((entry, i) => (isApart(entry) ? [] : [i]));
  const keptOf = (positions: Value): Value =>
    kept.length === count ? positions : b.add(Gather, [positions, b.i64(...kept), b.scalar('i64', 0)]);
  const cut = b.add(StridedSlice, [value, keptOf(begin), keptOf(end), keptOf(strides)], {
    begin_mask: kept.map(i => ignoresBegin(i) && !isOne(i)),
    end_mask: kept.map(i => ignoresEnd(i) && !isOne(i)),
    shrink_axis_mask: kept.map(i => entries[i] === 'one'),
    new_axis_mask: kept.map(() => false),
    ellipsis_mask: kept.map(isEllipsis),
  });
  return unsqueeze(b, kept.length === 0 ? value : cut, ...added);
};

const elementOf = (b: Builder, values: Value, i: number): Value =>
  b.add(Gather, [values, b.scalar('i64', i), b.scalar('i64', 0)]);

const takeOne = (b: Builder, x: Value, at: Value, axis: number): Value => b.add(Gather, [x, at, b.scalar('i64', axis)]);

/** A slice of every axis from `begin` to `end`, where `whole` axes are taken as they are. */
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
 * Inputs: data, begin, size, where a size of -1 is all that follows. Axes whose size only running the model tells are cut
 * on their own, first: what is known of the others stays known, and equal cuts of one value are one.
 */
const sliceOf: Translator = (op, b) => {
  const [x, begin, size] = [op.input(0), op.input(1), op.input(2)];
  const [begins, sizes] = [begin.partialValue, size.partialValue];
  if (begins === undefined || sizes === undefined) {
    throw new DecantError('unsupported', 'Slice with an unknown number of sizes');
  }
  const isOpen = sizes.map(length => !isStaticDim(length));
  // Where axes of known size begin is nobody's business in this step.
  const openBegin = begins.every(isStaticDim)
    ? integersLike(
        b,
        begin,
        begins.map((at, i) => (isOpen[i] === true ? at : 0)),
      )
    : begin;
  const isRest = b.add(Less, [size, constantLike(b, size, 0)]);
  const openEnd = b.add(Select, [isRest, constantLike(b, size, FAR), b.add(Add, [openBegin, size])]);
  const cut = sliceAxes(
    b,
    x,
    openBegin,
    openEnd,
    isOpen.map(open => !open),
  );
  const known = sizes.map(length => (isStaticDim(length) && length >= 0 ? length : 0));
  const end = b.add(Add, [begin, integersLike(b, size, known)]);
  const far = sizes.map(length => (length === -1 ? FAR : 0));
  const whole = sizes.map((length, i) => isOpen[i] === true || (length === -1 && begins[i] === 0));
  const hasRest = sizes.some((length, i) => length === -1 && whole[i] === false);
  return sliceAxes(b, cut, begin, hasRest ? b.add(Maximum, [end, integersLike(b, size, far)]) : end, whole);
};

const integersLike = (b: Builder, { type }: Value, values: readonly number[]): Value =>
  b.constant(vector(type === 'i64' ? 'i64' : 'i32', values));

export const slice: Translators = {
  StridedSlice: stridedSlice,
  Slice: sliceOf,
};
