import { LogicalAnd, LogicalNot, LogicalOr, LogicalXor } from '../../ov/ops/logical.ts';
import { one, two } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

export const logical: Translators = {
  LogicalAnd: two(LogicalAnd),
  LogicalOr: two(LogicalOr),
  LogicalXor: two(LogicalXor),
  LogicalNot: one(LogicalNot),
};
