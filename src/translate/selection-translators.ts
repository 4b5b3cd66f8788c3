import { image } from './ops/selection/image.ts';
import { sort } from './ops/selection/sort.ts';
import type { Translators } from './translator.ts';

/** Translators of the ops that select boxes and cut out their parts of a map. */
export const SELECTION_TRANSLATORS: Translators = { ...image, ...sort };
