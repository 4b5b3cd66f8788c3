import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersOf, tensorOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { StridedSlice } from './slice.ts';

/** A slice of one axis in Python: `begin:end:step`, where an undefined bound is omitted, or a single position. */
interface Axis {
  readonly begin: number | undefined;
  readonly end: number | undefined;
  readonly step: number;
  readonly single: boolean;
}

function positions({ begin, end, step, single }: Axis, size: number): readonly number[] {
  const fromFront = (at: number): number => (at < 0 ? at + size : at);
  if (single) return [fromFront(begin!)];
  const first = begin === undefined ? (step > 0 ? 0 : size - 1) : fromFront(begin);
  const last = end === undefined ? (step > 0 ? size : -1) : fromFront(end);
  const start = step > 0 ? Math.max(first, 0) : Math.min(first, size - 1);
  const taken: number[] = [];
  for (let at = start; step > 0 ? at < Math.min(last, size) : at > Math.max(last, -1); at += step) {
    if (at >= 0) taken.push(at);
  }
  return taken;
}

const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: undefined });
const axisOf = (size: number): fc.Arbitrary<Axis> =>
  fc.oneof(
    fc.record({ begin: bound, end: bound, step: fc.constantFrom(1, 2, 3, -1, -2), single: fc.constant(false) }),
    fc.record({
      begin: fc.integer({ min: -size, max: size - 1 }),
      end: fc.constant(undefined),
      step: fc.constant(1),
      single: fc.constant(true),
    }),
  );

const sliced = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
  .chain(shape => fc.record({ shape: fc.constant(shape), axes: fc.tuple(...shape.map(axisOf)) }));

describe('a strided slice', () => {
  it('selects the same elements as Python', () => {
    fc.assert(
      fc.property(sliced, ({ shape, axes }) => {
        const b = new Builder();
        const x = b.constant(
          tensorOf(
            'i32',
            shape,
            Array.from({ length: shape.reduce((a, c) => a * c, 1) }, (_, i) => i),
          ),
        );
        const ends = axes.map(({ begin, end, single }) => (single ? begin! + 1 : (end ?? 0)));
        const y = b.add(
          StridedSlice,
          [x, b.i64(...axes.map(({ begin }) => begin ?? 0)), b.i64(...ends), b.i64(...axes.map(({ step }) => step))],
          {
            begin_mask: axes.map(({ begin }) => begin === undefined),
            end_mask: axes.map(({ end }) => end === undefined),
            shrink_axis_mask: axes.map(({ single }) => single),
          },
        );
        const taken = axes.map((axis, i) => positions(axis, shape[i]!));
        const expected = taken.reduce<readonly number[]>(
          (offsets, own, i) => offsets.flatMap(offset => own.map(at => offset * shape[i]! + at)),
          [0],
        );
        expect(y.shape).toEqual(taken.map(own => own.length).filter((_, i) => !axes[i]!.single));
        expect(Array.from(numbersOf(y.node.constant!))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
