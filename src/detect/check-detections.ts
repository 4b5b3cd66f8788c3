import { atLeast, type Check, type ChecksOf, integer, kind, listOf, number, optional } from '../check.ts';
import { set, shaped, text } from '../check.ts';
import type { Selection } from './detection.ts';
import { Mask } from './mask.ts';
import type { Tiles } from './tiles.ts';

export const DETECTIONS: Check = listOf(
  shaped({
    label: text,
    classId: integer,
    score: number,
    box: shaped({ xmin: number, ymin: number, xmax: number, ymax: number }),
    mask: optional(kind('a Mask', value => value instanceof Mask)),
    keypoints: optional(listOf(shaped({ x: number, y: number }))),
  }),
);

export const TILES: ChecksOf<Tiles> = { width: atLeast(1), height: atLeast(1), overlap: number };

export const SELECTION: ChecksOf<Selection> = {
  threshold: number,
  classIds: set,
  maxDetections: number,
  maskThreshold: number,
};
