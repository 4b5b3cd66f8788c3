import { normalizeAxis } from '../../tensor/axis.ts';
import { checkRank, type Dim, dimAdd, dimCeilDiv, dimSub, freshDim, isStatic, type Shape } from '../../tensor/dim.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';
import { mask } from '../attributes.ts';
import { is, type Node, type Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { gridOffsets, pick } from './support/evaluate.ts';
import { shapeMismatch, stridesOf, notStatic } from './support/infer.ts';

export interface AxisSlice {
  readonly begin: Dim;
  readonly step: number;
  readonly size: Dim;
  /** Takes one position and drops the axis from the output. */
  readonly shrink: boolean;
}

type SlicePlan = readonly (AxisSlice | 'new')[];

/** An end beyond every axis. Devices that compute integers as floats can represent it. */
export const FAR = 2 ** 30;

export interface StridedSliceMasks {
  readonly begin_mask: readonly boolean[];
  readonly end_mask: readonly boolean[];
  readonly new_axis_mask: readonly boolean[];
  readonly shrink_axis_mask: readonly boolean[];
  readonly ellipsis_mask: readonly boolean[];
}

function clampPosition(given: Dim, size: Dim, low: number, high: Dim): Dim | undefined {
  if (typeof given !== 'number') return dimSub(given, size) === 0 ? size : undefined;
  const index = given < 0 ? dimAdd(size, given) : given;
  if (typeof index === 'number' && typeof high === 'number') return Math.min(Math.max(index, low), high);
  if (typeof index === 'number') return given >= FAR ? high : index === 0 ? 0 : undefined;
  return index;
}

function sliceAxis(size: Dim, begin: Dim | undefined, end: Dim | undefined, step: Dim): AxisSlice {
  if (typeof step !== 'number') return { begin: freshDim(), step: 1, size: freshDim(), shrink: false };
  const last = dimSub(size, 1);
  const forward = step > 0;
  const low = forward ? 0 : -1;
  const high = forward ? size : last;
  const from = begin === undefined ? (forward ? 0 : last) : clampPosition(begin, size, low, high);
  const to = end === undefined ? (forward ? size : -1) : clampPosition(end, size, low, high);
  const length = step === 1 && begin !== undefined && end !== undefined ? dimSub(end, begin) : undefined;
  if ((from === undefined || to === undefined) && typeof begin !== 'number' && typeof length === 'number') {
    // A window of fixed size at an unknown position: TensorFlow rejects it if it exceeds the axis.
    return { begin: begin!, step, size: Math.max(length, 0), shrink: false };
  }
  if (from === undefined || to === undefined) {
    // From 0 to a symbolic end: models slice like this only up to sizes that the axis has.
    const kept = from === 0 && step === 1 && end !== undefined && typeof end !== 'number' ? end : freshDim();
    return { begin: from ?? 0, step, size: kept, shrink: false };
  }
  const span = forward ? dimSub(to, from) : dimSub(from, to);
  const count = dimCeilDiv(span, Math.abs(step));
  return { begin: from, step, size: typeof count === 'number' ? Math.max(count, 0) : count, shrink: false };
}

function planSlices(
  shape: Shape,
  begin: readonly Dim[],
  end: readonly Dim[],
  step: readonly Dim[],
  m: StridedSliceMasks,
): SlicePlan {
  const count = begin.length;
  const isNew = (i: number): boolean => m.new_axis_mask[i] === true;
  const ellipsis = m.ellipsis_mask.indexOf(true);
  const consumed = begin.filter((_, i) => i !== ellipsis && !isNew(i)).length;
  const skipped = shape.length - consumed;
  if (skipped < 0) throw shapeMismatch(`${consumed} slices are too many for rank ${shape.length}`);
  const plan: (AxisSlice | 'new')[] = [];
  let axis = 0;
  const whole = (): AxisSlice => ({ begin: 0, step: 1, size: shape[axis++]!, shrink: false });
  for (let i = 0; i < count; i++) {
    if (i === ellipsis) {
      for (let k = 0; k < skipped; k++) plan.push(whole());
    } else if (isNew(i)) {
      plan.push('new');
    } else if (m.shrink_axis_mask[i] === true) {
      const size = shape[axis++]!;
      const at = m.begin_mask[i] === true ? 0 : begin[i]!;
      const index = typeof at === 'number' && at < 0 ? dimAdd(size, at) : at;
      if (typeof index === 'number' && typeof size === 'number' && (index < 0 || index >= size)) {
        throw shapeMismatch(`position ${String(at)} is out of range for an axis of size ${size}`);
      }
      plan.push({ begin: index, step: 1, size: 1, shrink: true });
    } else {
      const size = shape[axis++]!;
      if (step[i] === 0) throw shapeMismatch('a slice with step 0 is not valid');
      plan.push(
        sliceAxis(
          size,
          m.begin_mask[i] === true ? undefined : begin[i],
          m.end_mask[i] === true ? undefined : end[i],
          step[i]!,
        ),
      );
    }
  }
  while (axis < shape.length) plan.push(whole());
  return plan;
}

const shapeOfPlan = (plan: SlicePlan): Shape =>
  plan.flatMap((slice): Shape => (slice === 'new' ? [1] : slice.shrink ? [] : [slice.size]));

function offsetsOf(plan: SlicePlan, shape: readonly number[]): Int32Array | undefined {
  const axes = plan.filter(slice => slice !== 'new');
  const sizes: Shape = axes.map(({ size }) => size);
  const begins: Shape = axes.map(({ begin }) => begin);
  if (!isStatic(sizes) || !isStatic(begins)) return undefined;
  const strides = stridesOf(shape);
  const start = begins.reduce((sum, begin, i) => sum + begin * strides[i]!, 0);
  return gridOffsets(
    sizes,
    axes.map(({ step }, i) => step * strides[i]!),
    sizes.includes(0) ? 0 : start,
  );
}

const elementsOf = (value: Value): readonly Dim[] | undefined => {
  if (value.partialValue !== undefined) return value.partialValue;
  const count = value.shape[0];
  if (typeof count !== 'number') return undefined;
  checkRank('the data of a slice', count);
  return Array.from({ length: count }, freshDim);
};

function planOf([x, begin, end, step]: readonly Value[], masks: StridedSliceMasks): SlicePlan {
  const begins = elementsOf(begin!);
  const ends = elementsOf(end!);
  const steps = step === undefined ? begins?.map(() => 1) : elementsOf(step);
  if (begins === undefined || ends === undefined || steps === undefined) {
    throw notStatic('the number of slices of StridedSlice');
  }
  return planSlices(x!.shape, begins, ends, steps, masks);
}

/**
 * Inputs: data, begin, end and, optionally, steps. Masks are per slice: ignore `begin` or `end`, add an axis, take one
 * position and drop the axis, or skip axes (ellipsis).
 */
export const StridedSlice = defineOp({
  type: 'StridedSlice',
  opset: 'opset1',
  arity: [3, 4],
  attributes: {
    begin_mask: mask(),
    end_mask: mask(),
    new_axis_mask: mask([]),
    shrink_axis_mask: mask([]),
    ellipsis_mask: mask([]),
  },
  infer: (inputs, masks) => [{ type: inputs[0]!.type, shape: shapeOfPlan(planOf(inputs, masks)) }],
  evaluate: ([x, begin, end, step], masks, [out]) => {
    const plan = planSlices(
      x!.shape,
      integers(begin!),
      integers(end!),
      step === undefined ? integers(begin!).map(() => 1) : integers(step),
      masks,
    );
    return [pick(x!, offsetsOf(plan, x!.shape)!, out!.shape)];
  },
  permutesElements: 'first',
});

/** Inputs: data, start, stop, step and, optionally, axes (the leading ones by default). */
export const Slice = defineOp({
  type: 'Slice',
  opset: 'opset8',
  arity: [4, 5],
  attributes: {},
  infer: inputs => {
    const x = inputs[0]!;
    return [{ type: x.type, shape: shapeOfPlan(slicePlan(inputs)) }];
  },
  partialValue: inputs => {
    const x = inputs[0]!;
    const offsets =
      x.partialValue !== undefined && isStatic(x.shape) ? offsetsOf(slicePlan(inputs), x.shape) : undefined;
    return offsets === undefined ? undefined : Array.from(offsets, offset => x.partialValue![offset]!);
  },
});

function slicePlan([x, start, stop, step, axes]: readonly Value[]): SlicePlan {
  const starts = elementsOf(start!);
  const stops = elementsOf(stop!);
  const steps = elementsOf(step!);
  const along = axes === undefined ? starts?.map((_, i) => i) : axes.partialValue;
  if (starts === undefined || stops === undefined || steps === undefined || along === undefined) {
    throw notStatic('the number of axes of Slice');
  }
  if (!isStatic(along)) throw notStatic('the axes of Slice');
  return x!.shape.map((size, axis) => {
    const i = along.findIndex(a => normalizeAxis(a, x!.shape.length) === axis);
    return i < 0 ? { begin: 0, step: 1, size, shrink: false } : sliceAxis(size, starts[i], stops[i], steps[i]!);
  });
}

const integers = (tensor: Tensor): readonly number[] => Array.from(numbersOf(tensor));

/** What a slice takes of each axis of its data, and where it adds axes; undefined for other ops. */
export function slicesOf(node: Node): SlicePlan | undefined {
  if (is(node, StridedSlice)) return planOf(node.inputs, node.attrs);
  return is(node, Slice) ? slicePlan(node.inputs) : undefined;
}
