import { DecantError } from '../../errors.ts';
import type { Translator, Translators } from '../translator.ts';

const same: Translator = op => op.operand(0);

/** Ops that hold the graph together and leave values as they are. */
export const graph: Translators = {
  Const: (op, b) => b.constant(op.tensor('value').data()),
  Identity: same,
  IdentityN: op => op.operands,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
  CheckNumerics: same,
  CheckNumericsV2: same,
  EnsureShape: same,
  /** A placeholder that nobody feeds has its default. */
  PlaceholderWithDefault: same,
  Placeholder: op => {
    throw new DecantError('internal', `placeholder '${op.node.name}' is no input of the closed graph`);
  },
};
