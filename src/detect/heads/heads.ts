import { centernetBoxes } from './centernet-boxes.ts';
import type { HeadMatcher } from './head.ts';
import { namelessDetection } from './nameless-detection.ts';
import { ssd7 } from './ssd7.ts';
import { tf2Detection } from './tf2-detection.ts';

export interface HeadKind {
  readonly name: string;
  readonly match: HeadMatcher;
}

/** The kinds of detectors; of those with the same name, the first that matches is taken. */
export const HEADS: readonly HeadKind[] = [
  { name: 'tf2-detection', match: tf2Detection },
  { name: 'tf2-detection', match: namelessDetection },
  { name: 'centernet-boxes', match: centernetBoxes },
  { name: 'ssd7', match: ssd7 },
];

export const HEAD_NAMES: readonly string[] = [...new Set(HEADS.map(({ name }) => name))];
