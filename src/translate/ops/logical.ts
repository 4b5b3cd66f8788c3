import { LogicalAnd, LogicalNot, LogicalOr, LogicalXor } from '../../ov/ops/logical.ts';
import { binary, unary } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

export const logical: Translators = {
  LogicalAnd: binary(LogicalAnd),
  LogicalOr: binary(LogicalOr),
  LogicalXor: binary(LogicalXor),
  LogicalNot: unary(LogicalNot),
};
