import { COMMON_TRANSLATORS } from './common-translators.ts';
import { FLOW_TRANSLATORS } from './flow-translators.ts';
import { RARE_TRANSLATORS } from './rare-translators.ts';
import { refused } from './refused.ts';
import { SELECTION_TRANSLATORS } from './selection-translators.ts';
import type { Translators } from './translator.ts';

export const TRANSLATORS: Translators = {
  ...COMMON_TRANSLATORS,
  ...SELECTION_TRANSLATORS,
  ...FLOW_TRANSLATORS,
  ...RARE_TRANSLATORS,
  ...refused,
};
