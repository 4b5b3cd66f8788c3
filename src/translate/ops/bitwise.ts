import {
  BitwiseAnd,
  BitwiseLeftShift,
  BitwiseNot,
  BitwiseOr,
  BitwiseRightShift,
  BitwiseXor,
} from '../../ov/ops/bitwise.ts';
import { binary, unary } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

export const bitwise: Translators = {
  BitwiseAnd: binary(BitwiseAnd),
  BitwiseOr: binary(BitwiseOr),
  BitwiseXor: binary(BitwiseXor),
  Invert: unary(BitwiseNot),
  LeftShift: binary(BitwiseLeftShift),
  RightShift: binary(BitwiseRightShift),
};
