import type { Labels } from './labels.ts';

/** What the detector of the package `@vladmandic/human` tells apart: shapes of a hand, parts of it, and faces. */
export const HUMAN_HANDS: Labels = new Map([
  [1, 'hand'],
  [2, 'fist'],
  [3, 'pinch'],
  [4, 'point'],
  [5, 'face'],
  [6, 'tip'],
  [7, 'pinchtip'],
]);
