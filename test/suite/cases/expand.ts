import * as op from '../../../src/ov/ops/expand.ts';
import { type OpCase, of } from '../op-case.ts';
import { axes, bool, f32, i64 } from '../tensors.ts';

const x = f32([2, 1], [1, 2]);

export const expand: readonly OpCase[] = [
  of(op.Tile, 'along every axis', [f32([1, 2], [1, 2]), axes(2, 2)], f32([2, 4], [1, 2, 1, 2, 1, 2, 1, 2])),
  of(op.Tile, 'into more axes', [f32([2], [1, 2]), axes(2, 1, 2)], f32([2, 1, 4], [1, 2, 1, 2, 1, 2, 1, 2])),
  of(op.Tile, 'by fewer repeats than axes', [x, axes(2)], f32([2, 2], [1, 1, 2, 2])),
  of(op.Tile, 'by nothing', [f32([2], [1, 2]), axes(0)], f32([0], [])),
  of(op.Broadcast, 'to a shape', [x, axes(2, 3)], f32([2, 3], [1, 1, 1, 2, 2, 2])),
  of(op.Broadcast, 'into more axes', [i64([2], [1, 2]), axes(2, 2)], i64([2, 2], [1, 2, 1, 2])),
  of(op.Broadcast, 'of a scalar', [bool([], [1]), axes(2, 1)], bool([2, 1], [1, 1])),
  of(op.Broadcast, 'of one boolean to nothing', [bool([1], [1]), axes(0)], bool([0], [])),
  of(op.Broadcast, 'both ways', [x, axes(1, 3)], f32([2, 3], [1, 1, 1, 2, 2, 2]), { mode: 'bidirectional' }),
  of(op.Broadcast, 'both ways to fewer axes', [x, axes(2)], f32([2, 2], [1, 1, 2, 2]), { mode: 'bidirectional' }),
];
