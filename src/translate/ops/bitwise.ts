import {
  BitwiseAnd,
  BitwiseLeftShift,
  BitwiseNot,
  BitwiseOr,
  BitwiseRightShift,
  BitwiseXor,
} from '../../ov/ops/bitwise.ts';
import { one, two } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

export const bitwise: Translators = {
  BitwiseAnd: two(BitwiseAnd),
  BitwiseOr: two(BitwiseOr),
  BitwiseXor: two(BitwiseXor),
  Invert: one(BitwiseNot),
  LeftShift: two(BitwiseLeftShift),
  RightShift: two(BitwiseRightShift),
};
