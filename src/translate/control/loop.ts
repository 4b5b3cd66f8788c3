import type { Builder } from '../../ov/builder.ts';
import type { Operand } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { knownCondition } from './branch.ts';
import { emitLoop } from './emit-loop.ts';
import { conditionOf, iteration } from './loop-body.ts';

/** A loop of a known number of turns is unrolled up to this many of them: that covers every batch that fits a machine. */
const MOST_TURNS = 64;

/** A loop whose turns can be counted at conversion is that many copies of its body; any other is an OpenVINO Loop. */
function loop(op: TfOp, b: Builder): readonly Operand[] {
  let values: readonly Operand[] = op.operands;
  for (let turns = 0; turns <= MOST_TURNS; turns++) {
    const goesOn = knownCondition(conditionOf(op, b, values));
    if (goesOn === undefined) break;
    if (!goesOn) return values;
    values = iteration(op, b, values);
  }
  return emitLoop(op, b);
}

export const loops: Translators = { While: loop, StatelessWhile: loop };
