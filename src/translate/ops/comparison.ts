import { Equal, IsFinite, IsInf, IsNan, Less, LessEqual, NotEqual } from '../../ov/ops/comparison.ts';
import { Abs, Subtract } from '../../ov/ops/arithmetic.ts';
import { LARGEST_REAL } from '../../tensor/element-type.ts';
import { binary, unary } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

/** The infinity of f64 in OpenVINO's CPU plugin, which computes f64 in f32. */
const INFINITY_OF_F64 = LARGEST_REAL.f32;

export const comparison: Translators = {
  Equal: binary(Equal),
  NotEqual: binary(NotEqual),
  Less: binary(Less),
  LessEqual: binary(LessEqual),
  // Swapped, because OpenVINO's Greater is true for NaN.
  Greater: (op, b) => b.add(Less, [op.input(1), op.input(0)]),
  GreaterEqual: (op, b) => b.add(LessEqual, [op.input(1), op.input(0)]),
  ApproximateEqual: (op, b) => {
    const x = op.input(0);
    const y = op.input(1);
    const distance = b.add(Abs, [b.add(Subtract, [x, y])]);
    return b.add(Less, [distance, b.scalar(x.type, op.float('tolerance', 1e-5))]);
  },
  IsFinite: (op, b) => {
    const x = op.input(0);
    return x.type === 'f64' ? b.add(Less, [b.add(Abs, [x]), b.scalar('f64', INFINITY_OF_F64)]) : b.add(IsFinite, [x]);
  },
  IsInf: (op, b) => {
    const x = op.input(0);
    return x.type === 'f64' ? b.add(LessEqual, [b.scalar('f64', INFINITY_OF_F64), b.add(Abs, [x])]) : b.add(IsInf, [x]);
  },
  IsNan: unary(IsNan),
};
