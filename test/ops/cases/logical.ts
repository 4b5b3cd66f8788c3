import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { bool } from '../tensors.ts';

const p = bool([4], [0, 0, 1, 1]);

const q = bool([4], [0, 1, 0, 1]);

export const logical: readonly OpCase[] = [
  of(op.LogicalAnd, 'is a table', [p, q], bool([4], [0, 0, 0, 1])),
  of(op.LogicalOr, 'is a table', [p, q], bool([4], [0, 1, 1, 1])),
  of(op.LogicalXor, 'is a table', [p, q], bool([4], [0, 1, 1, 0])),
  of(op.LogicalNot, 'of booleans', [bool([2], [0, 1])], bool([2], [1, 0])),
];
