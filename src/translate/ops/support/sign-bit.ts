import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Divide } from '../../../ov/ops/arithmetic.ts';
import { Equal, Less } from '../../../ov/ops/comparison.ts';
import { LogicalAnd, LogicalOr } from '../../../ov/ops/logical.ts';
import { constantLike } from '../../../ov/shorthand.ts';

/** Returns whether the sign bit of a real number is set, not that of NaN; 1 / -0 is minus infinity. */
export function hasSignBit(b: Builder, x: Value): Value {
  const zero = constantLike(b, x, 0);
  const isNegativeZero = b.add(LogicalAnd, [
    b.add(Equal, [x, zero]),
    b.add(Less, [b.add(Divide, [constantLike(b, x, 1), x]), zero]),
  ]);
  return b.add(LogicalOr, [b.add(Less, [x, zero]), isNegativeZero]);
}
