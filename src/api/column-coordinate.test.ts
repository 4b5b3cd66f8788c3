import { describe, expect, it } from 'vitest';
import { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Add, Divide, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Select } from '../ov/ops/condition.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Broadcast, Concat, Transpose } from '../ov/ops/movement.ts';
import { Slice } from '../ov/ops/slice.ts';
import { reshape } from '../ov/shorthand.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { coordinateAt } from './column-coordinate.ts';
import { gridCoordinate } from './grid-coordinate.ts';

/** Positions x, y of the cells of a grid of 3 x 2, and then of 2 x 1: [1, N, 2]. */
const CELLS = [0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1, 0, 0, 1, 0];

const b = new Builder('boxes');
const offsets = b.parameter('offsets', 'f32', [1, 8, 4]);
const cells = b.constant(tensorOf('f32', [1, 8, 2], CELLS));
const columns = (value: Value, first: number, last: number): Value =>
  b.add(Slice, [value, b.i64(first), b.i64(last), b.i64(1), b.i64(2)]);
const centers = b.add(Multiply, [b.add(Add, [columns(offsets, 0, 2), cells]), b.scalar('f32', 8)]);
const sizes = columns(offsets, 2, 4);
const halves = b.add(Divide, [sizes, b.scalar('f32', 2)]);
const corners = b.add(Concat, [b.add(Subtract, [centers, halves]), b.add(Add, [centers, halves])], { axis: 2 });
const yFirst = b.add(Gather, [corners, b.i64(1, 0, 3, 2), b.scalar('i64', 2)]);

const lettersOf = (value: Value, axis: number): string =>
  [0, 1, 2, 3].map(at => coordinateAt(value, axis, at)?.direction ?? '-').join('');

describe('coordinateAt', () => {
  it.each<[string, Value, number, string]>([
    ['centers and sizes', b.add(Concat, [centers, sizes], { axis: 2 }), 2, 'xy--'],
    ['corners', corners, 2, 'xyxy'],
    ['y first', yFirst, 2, 'yxyx'],
    ['transposed', b.add(Transpose, [corners, b.i64(0, 2, 1)]), 1, 'xyxy'],
    ['reshaped', reshape(b, corners, 1, 4, 2, 4), 3, 'xyxy'],
    [
      'differences',
      b.add(Concat, [centers, b.add(Subtract, [columns(corners, 2, 4), columns(corners, 0, 2)])], { axis: 2 }),
      2,
      'xy--',
    ],
    [
      'boxes or a mark',
      b.add(Select, [
        b.parameter('valid', 'boolean', [1, 8, 1]),
        b.add(Broadcast, [corners, b.i64(1, 8, 4)]),
        b.scalar('f32', -1),
      ]),
      2,
      'xyxy',
    ],
    ['one of two orders', b.add(Select, [b.parameter('swap', 'boolean', [1, 8, 1]), corners, yFirst]), 2, '----'],
    ['no grid', offsets, 2, '----'],
  ])('finds %s', (_, value, axis, letters) => {
    expect(lettersOf(value, axis)).toBe(letters);
  });
});

describe('gridCoordinate', () => {
  it.each([
    [[0, 1, 2, 0, 1, 2], { direction: 'x', firstCell: 0 }],
    [[-0.5, -0.5, -0.5, 0.5, 0.5, 0.5, 1.5, 1.5, 1.5], { direction: 'y', firstCell: -0.5 }],
    [[0.125, 0.125, 0.375, 0.375, 0.625, 0.625, 0.125, 0.125, 0.375, 0.375], { direction: 'x', firstCell: undefined }],
    [[0, 1, 0, 1], { direction: 'x', firstCell: 0 }],
    [[3, 1, 4, 1, 5, 9], undefined],
    [[1, 1, 1, 1], undefined],
    [[0, 1], undefined],
  ])('of %j', (cells, expected) => {
    expect(gridCoordinate(tensorOf('f32', [cells.length], cells), undefined, 0)).toEqual(expected);
  });
});
