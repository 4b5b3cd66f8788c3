import { branches } from './control/branch.ts';
import { loops } from './control/loop.ts';
import { list } from './ops/list.ts';
import type { Translators } from './translator.ts';

/** Translators of control flow and of the lists that loops fill. */
export const FLOW_TRANSLATORS: Translators = { ...branches, ...list, ...loops };
