import type { Labels } from './labels.ts';

/** Classes of the hand detector in the npm package `@vladmandic/human`. */
export const HUMAN_HANDS: Labels = new Map([
  [1, 'hand'],
  [2, 'fist'],
  [3, 'pinch'],
  [4, 'point'],
  [5, 'face'],
  [6, 'tip'],
  [7, 'pinchtip'],
]);
