import type { Box, Rect } from '../image/geometry.ts';
import type { Detection } from './detection.ts';
import type { Size } from '../image/image.ts';
import type { Keypoint } from './keypoint.ts';
import { Mask } from './mask.ts';

/** What was found in one part of a picture; boxes in pixels of the part. */
export interface TileResult {
  readonly part: Rect;
  readonly detections: readonly Detection[];
}

/** Two boxes of a class are of one object when they share at least this much of the smaller one. */
const SAME = 0.5;

/** Boxes of a class that share this much of both together are one object, even where one part found both. */
const TWICE = 0.8;

/** A box that ends this near, in pixels, to where its part does is taken to be cut there. */
const CUT = 2;

interface Piece {
  readonly detection: Detection;
  readonly look: number;
  /** Ends where its part of the picture does, and the picture does not. */
  readonly cut: boolean;
}

/**
 * What was found in parts of a picture as what is found in the picture, best first. What several parts found of one object is
 * one detection, with the best score: of pieces that the parts' edges cut, boxes and masks are joined; otherwise the
 * better one stays. What one part tells apart stays apart, unless the boxes are nearly the same.
 */
export function mergeTiles(looks: readonly TileResult[], picture: Size): readonly Detection[] {
  const pieces = looks.flatMap(({ part, detections }, look) =>
    detections.map(detection => pieceOf(detection, part, look, picture)),
  );
  pieces.sort((a, b) => b.detection.score - a.detection.score);
  const objects: { piece: Piece; readonly looks: Set<number> }[] = [];
  for (const piece of pieces) {
    const { box, classId } = piece.detection;
    const candidates = objects.filter(({ looks, piece: { detection } }) => {
      if (detection.classId !== classId) return false;
      return !looks.has(piece.look) || overUnion(detection.box, box) >= TWICE;
    });
    const shares = candidates.map(object => ofSmaller(object.piece.detection.box, box));
    const most = shares.reduce((best, share, i) => (share > (shares[best] ?? 0) ? i : best), 0);
    if ((shares[most] ?? 0) < SAME) {
      objects.push({ piece, looks: new Set([piece.look]) });
      continue;
    }
    const same = candidates[most]!;
    same.looks.add(piece.look);
    if (same.piece.cut || piece.cut) same.piece = joined(same.piece, piece);
  }
  return objects.map(({ piece }) => piece.detection);
}

function pieceOf(detection: Detection, part: Rect, look: number, picture: Size): Piece {
  const { box, mask, keypoints } = detection;
  const cut =
    (part.x > 0 && box.xmin <= CUT) ||
    (part.y > 0 && box.ymin <= CUT) ||
    (part.x + part.width < picture.width && box.xmax >= part.width - CUT) ||
    (part.y + part.height < picture.height && box.ymax >= part.height - CUT);
  const moved: Detection = {
    ...detection,
    box: {
      xmin: box.xmin + part.x,
      ymin: box.ymin + part.y,
      xmax: box.xmax + part.x,
      ymax: box.ymax + part.y,
    },
    ...(mask && {
      mask: new Mask(
        { x: mask.x + part.x, y: mask.y + part.y, width: mask.width, height: mask.height },
        mask.data,
        picture,
      ),
    }),
    ...(keypoints && {
      keypoints: keypoints.map((point): Keypoint => ({ ...point, x: point.x + part.x, y: point.y + part.y })),
    }),
  };
  return { detection: moved, look, cut };
}

/** Of two pieces of an object, of which the first one is the better one. */
function joined(a: Piece, b: Piece): Piece {
  const [p, q] = [a.detection.box, b.detection.box];
  const box = {
    xmin: Math.min(p.xmin, q.xmin),
    ymin: Math.min(p.ymin, q.ymin),
    xmax: Math.max(p.xmax, q.xmax),
    ymax: Math.max(p.ymax, q.ymax),
  };
  const [m, n] = [a.detection.mask, b.detection.mask];
  return { ...a, detection: { ...a.detection, box, ...(m && n && { mask: bothMasks(m, n) }) } };
}

function bothMasks(a: Mask, b: Mask): Mask {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  const data = new Uint8Array(width * height);
  for (const mask of [a, b]) {
    for (let row = 0; row < mask.height; row++) {
      const start = (mask.y - y + row) * width + (mask.x - x);
      for (let column = 0; column < mask.width; column++) {
        if (mask.data[row * mask.width + column] !== 0) data[start + column] = 1;
      }
    }
  }
  return new Mask({ x, y, width, height }, data, a.picture);
}

/** The share of the smaller box that both have. */
const ofSmaller = (a: Box, b: Box): number => sharedBy(a, b) / Math.min(areaOf(a), areaOf(b));

const overUnion = (a: Box, b: Box): number => {
  const shared = sharedBy(a, b);
  return shared / (areaOf(a) + areaOf(b) - shared);
};

function sharedBy(a: Box, b: Box): number {
  const width = Math.min(a.xmax, b.xmax) - Math.max(a.xmin, b.xmin);
  const height = Math.min(a.ymax, b.ymax) - Math.max(a.ymin, b.ymin);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

const areaOf = ({ xmin, ymin, xmax, ymax }: Box): number => (xmax - xmin) * (ymax - ymin);
