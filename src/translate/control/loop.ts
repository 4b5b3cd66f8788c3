import type { Builder } from '../../ov/builder.ts';
import type { Operand } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { knownCondition } from './branch.ts';
import { emitLoop } from './emit-loop.ts';
import { conditionOf, iteration } from './loop-body.ts';

/** Enough for any batch size that fits in memory. */
const MAX_UNROLLED = 64;

function loop(op: TfOp, b: Builder): readonly Operand[] {
  let values: readonly Operand[] = op.operands;
  for (let count = 0; count <= MAX_UNROLLED; count++) {
    const continues = knownCondition(conditionOf(op, b, values));
    if (continues === undefined) break;
    if (!continues) return values;
    values = iteration(op, values);
  }
  return emitLoop(op, b);
}

export const loops: Translators = { While: loop, StatelessWhile: loop };
