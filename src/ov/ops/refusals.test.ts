import { expect, it } from 'vitest';
import type { ElementType } from '../../tensor/element-type.ts';
import { type Shape, symbol } from '../../tensor/dim.ts';
import { Builder } from '../builder.ts';
import type { Value } from '../graph.ts';
import { Convolution, GroupConvolution } from './convolution.ts';
import { Add } from './arithmetic.ts';
import { Broadcast, Concat, GatherTree, Pad, Split, Transpose } from './movement.ts';
import { Interpolate } from './image.ts';
import { NonMaxSuppression, TopK } from './sort.ts';
import { Gather, GatherND } from './gather.ts';
import { EmbeddingBagPackedSum } from './sparse.ts';
import { Einsum, MatMul } from './matrix.ts';
import { MaxPool } from './pooling.ts';
import { ReduceSum } from './reduction.ts';
import { Reshape, Squeeze, Unsqueeze } from './shape.ts';
import { Select } from './condition.ts';
import { DFT, IDFT, IRDFT, RDFT } from './signal.ts';
import { Slice, StridedSlice } from './slice.ts';
import { PRelu } from './activation.ts';

const b = new Builder();
const of = (type: ElementType, ...shape: Shape): Value => b.parameter('x', type, shape);
const f32 = (...shape: Shape): Value => of('f32', ...shape);
const window = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
const masks = { begin_mask: [false], end_mask: [false] };

const MALFORMED: readonly (readonly [string, RegExp, () => unknown])[] = [
  ['shapes that do not broadcast', /\[2,3\] and \[2\]/, () => b.add(Add, [f32(2, 3), f32(2)])],
  ['operands of different types', /f32 and i32/, () => b.add(Add, [f32(2), of('i32', 2)])],
  ['a binary op of one operand', /needs 2/, () => b.add(Add, [f32(2)])],
  ['branches of different types', /f32 and i32/, () => b.add(Select, [of('boolean'), f32(2), of('i32', 2)])],
  ['a concatenation of different ranks', /ranks/, () => b.add(Concat, [f32(2), f32(2, 1)], { axis: 0 })],
  ['a concatenation of different sizes', /axis 1/, () => b.add(Concat, [f32(2, 3), f32(2, 4)], { axis: 0 })],
  ['a concatenation of different types', /f32 and u8/, () => b.add(Concat, [f32(2), of('u8', 2)], { axis: 0 })],
  ['a concatenation of nothing', /input/, () => b.add(Concat, [], { axis: 0 })],
  ['an axis that does not exist', /axis 2/, () => b.add(Concat, [f32(2, 3)], { axis: 2 })],
  ['a negative axis out of range', /axis -3/, () => b.add(ReduceSum, [f32(2, 3), b.i64(-3)])],
  ['a split into unequal parts', /5 does not split into 2/, () => b.add(Split, [f32(5), b.i64(0)], { num_splits: 2 })],
  ['a reshape to another number of elements', /6 elements/, () => b.add(Reshape, [f32(2, 3), b.i64(4)])],
  ['a reshape whose inferred size is fractional', /6 elements/, () => b.add(Reshape, [f32(2, 3), b.i64(-1, 4)])],
  ['a squeeze of an axis of size 3', /size 3/, () => b.add(Squeeze, [f32(2, 3), b.i64(1)])],
  ['a new axis out of range', /axis 5/, () => b.add(Unsqueeze, [f32(2), b.i64(5)])],
  ['an order that repeats an axis', /permutation/, () => b.add(Transpose, [f32(2, 3), b.i64(0, 0)])],
  ['an order of too few axes', /permutation/, () => b.add(Transpose, [f32(2, 3), b.i64(0)])],
  ['an order with negative axes', /permutation/, () => b.add(Transpose, [f32(2, 3), b.i64(-1, 0)])],
  ['a transform of numbers without parts', /pairs/, () => b.add(DFT, [f32(4, 3), b.i64(0)])],
  ['a transform along the axis of parts', /axis 1/, () => b.add(IDFT, [f32(4, 2), b.i64(1)])],
  ['a transform of other signal sizes', /per axis/, () => b.add(RDFT, [f32(4), b.i64(0), b.i64(4, 4)])],
  ['an inverse transform of real numbers', /pairs/, () => b.add(IRDFT, [f32(4), b.i64(0)])],
  ['a broadcast to a shape that does not fit', /broadcast/, () => b.add(Broadcast, [f32(2, 3), b.i64(2, 4)])],
  ['a broadcast to fewer axes', /broadcast/, () => b.add(Broadcast, [f32(2, 3), b.i64(3)])],
  ['beams without steps', /beams/, () => b.add(GatherTree, [f32(2, 2), f32(2, 2), f32(2), f32()])],
  ['pads that crop too much', /-1/, () => b.add(Pad, [f32(2), b.i64(-2), b.i64(-1)])],
  ['channels that differ', /channels/, () => b.add(Convolution, [f32(1, 3, 8, 8), f32(4, 2, 3, 3)], window)],
  [
    'grouped channels that differ',
    /channels/,
    () => b.add(GroupConvolution, [f32(1, 3, 8, 8), f32(2, 1, 2, 3, 3)], window),
  ],
  ['filters of another rank', /dimensions/, () => b.add(Convolution, [f32(1, 3, 8, 8), f32(4, 3, 3)], window)],
  ['filters of another type', /f16/, () => b.add(Convolution, [f32(1, 3, 8, 8), of('f16', 4, 3, 3, 3)], window)],
  [
    'a convolution window larger than the data',
    /window/,
    () => b.add(Convolution, [f32(1, 3, 2, 2), f32(4, 3, 3, 3)], window),
  ],
  [
    'a pooling window larger than the data',
    /window/,
    () => b.add(MaxPool, [f32(1, 3, 2, 2)], { ...window, kernel: [3, 3] }),
  ],
  ['a matrix product of different inner sizes', /inner sizes/, () => b.add(MatMul, [f32(2, 3), f32(2, 3)])],
  ['a matrix product with a scalar', /scalar/, () => b.add(MatMul, [f32(), f32(2, 3)])],
  ['an equation for other ranks', /Einsum/, () => b.add(Einsum, [f32(2, 3)], { equation: 'abc->a' })],
  ['an equation with an unknown label in the output', /size/, () => b.add(Einsum, [f32(2, 3)], { equation: 'ab->ac' })],
  ['a slice with step 0', /step 0/, () => b.add(StridedSlice, [f32(4), b.i64(0), b.i64(1), b.i64(0)], masks)],
  ['more slices than axes', /2 slices/, () => b.add(StridedSlice, [f32(4), b.i64(0, 0), b.i64(1, 1)], masks)],
  [
    'a slice position out of range',
    /position 4/,
    () => b.add(StridedSlice, [f32(4), b.i64(4), b.i64(5)], { ...masks, shrink_axis_mask: [true] }),
  ],
  ['a gather position out of range', /position 2/, () => b.add(Gather, [b.i64(5, 6), b.i64(2), b.i64(0)])],
  ['a negative gather position out of range', /position -3/, () => b.add(Gather, [b.i64(5, 6), b.i64(-3), b.i64(0)])],
  [
    'coordinates out of range',
    /position 2/,
    () => b.add(GatherND, [b.i64(5, 6), b.constant({ type: 'i32', shape: [1, 1], data: new Int32Array([2]) })]),
  ],
  [
    'an embedding index out of range',
    /out of range for 2 rows/,
    () =>
      b.add(EmbeddingBagPackedSum, [
        b.i64(5, 6),
        b.constant({ type: 'i32', shape: [1, 1], data: new Int32Array([2]) }),
      ]),
  ],
  [
    'embedding indices of another rank',
    /two dimensions/,
    () => b.add(EmbeddingBagPackedSum, [f32(4, 3), of('i64', 2)]),
  ],
  [
    'another number of embedding weights',
    /weights/,
    () => b.add(EmbeddingBagPackedSum, [f32(4, 3), of('i64', 2, 4), f32(2, 3)]),
  ],
  ['boxes of another rank', /boxes/, () => b.add(NonMaxSuppression, [f32(3, 4), f32(1, 1, 3), b.i64(1)])],
  ['a PReLU without a slope', /needs 2/, () => b.add(PRelu, [f32(2)])],
  ['a TopK axis out of range', /axis 1/, () => b.add(TopK, [f32(2), b.scalar('i64', 1)], { axis: 1 })],
];

it.each(MALFORMED)('rejects %s as malformed', (_name, message, make) => {
  expect(make).toThrow(expect.objectContaining({ name: 'DecantError', code: 'malformed' }) as Error);
  expect(make).toThrow(message);
});

const open = of('i64', symbol('n'));
const given = of('i64', 2);

const UNSUPPORTED: readonly (readonly [string, RegExp, () => unknown])[] = [
  ['a reduction along computed axes', /axes of ReduceSum/, () => b.add(ReduceSum, [f32(2, 3), given])],
  ['a transpose to a computed order', /order of Transpose/, () => b.add(Transpose, [f32(2, 3), given])],
  ['a gather along a computed axis', /axis of Gather/, () => b.add(Gather, [f32(2), b.i64(0), of('i64')])],
  [
    'a resize of computed axes',
    /axes of Interpolate/,
    () => b.add(Interpolate, [f32(1, 1, 2, 2), given, given], { mode: 'nearest' }),
  ],
  ['a shape of unknown length', /length of a shape/, () => b.add(Reshape, [f32(2, 3), open])],
  ['an unknown number of slices', /number of slices/, () => b.add(StridedSlice, [f32(4), open, open], masks)],
  [
    'a slice along computed axes',
    /axes of Slice/,
    () => b.add(Slice, [f32(4), ...[0, 1, 1].map(n => b.i64(n)), of('i64', 1)]),
  ],
];

it.each(UNSUPPORTED)('rejects %s as unsupported', (_name, message, make) => {
  expect(make).toThrow(expect.objectContaining({ name: 'DecantError', code: 'unsupported' }) as Error);
  expect(make).toThrow(message);
});
