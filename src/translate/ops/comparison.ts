import { Equal, IsFinite, IsInf, IsNan, Less, LessEqual, NotEqual } from '../../ov/ops/comparison.ts';
import { Abs, Subtract } from '../../ov/ops/arithmetic.ts';
import { one, two } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

export const comparison: Translators = {
  Equal: two(Equal),
  NotEqual: two(NotEqual),
  Less: two(Less),
  LessEqual: two(LessEqual),
  // The other way around, because OpenVINO finds NaN greater than everything.
  Greater: (op, b) => b.add(Less, [op.input(1), op.input(0)]),
  GreaterEqual: (op, b) => b.add(LessEqual, [op.input(1), op.input(0)]),
  ApproximateEqual: (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const distance = b.add(Abs, [b.add(Subtract, [x, y])]);
    return b.add(Less, [distance, b.scalar(x.type, op.float('tolerance', 1e-5))]);
  },
  IsFinite: one(IsFinite),
  IsInf: (op, b) => b.add(IsInf, [op.input(0)]),
  IsNan: one(IsNan),
};
