import { type Box, boxArea, boxIntersection, boxIou, type Rect } from '../image/geometry.ts';
import type { Detection } from './detection.ts';
import type { Size } from '../image/image.ts';
import type { Keypoint } from './keypoint.ts';
import { Mask } from './mask.ts';

/** Detections in one tile of an image; boxes in pixels of the tile. */
export interface TileResult {
  readonly tile: Rect;
  readonly detections: readonly Detection[];
}

/** Boxes of a class from different tiles are one object if they share at least this fraction of the smaller box. */
const MIN_SHARE_OF_SMALLER = 0.5;

/** Boxes of a class from the same tile are one object from this IoU. */
const MIN_IOU_WITHIN_TILE = 0.8;

const CUT_MARGIN = 2;

interface Piece {
  readonly detection: Detection;
  readonly tile: number;
  /** Whether an edge of the tile cuts the object, and not the edge of the image. */
  readonly cut: boolean;
}

/**
 * Merges the detections of overlapping tiles into detections of the image, best first.
 *
 * Detections of one object in several tiles become one, with the best score. If a tile's edge cuts the object, their boxes
 * and masks are joined; otherwise the better detection wins. Detections of the same tile stay apart, unless their boxes are
 * nearly the same.
 */
export function mergeTiles(results: readonly TileResult[], image: Size): readonly Detection[] {
  const pieces = results.flatMap(({ tile, detections }, index) =>
    detections.map(detection => pieceOf(detection, tile, index, image)),
  );
  pieces.sort((a, b) => b.detection.score - a.detection.score);
  const objects: { piece: Piece; readonly tiles: Set<number> }[] = [];
  for (const piece of pieces) {
    const { box, classId } = piece.detection;
    const candidates = objects.filter(({ tiles, piece: { detection } }) => {
      if (detection.classId !== classId) return false;
      return !tiles.has(piece.tile) || boxIou(detection.box, box) >= MIN_IOU_WITHIN_TILE;
    });
    const shares = candidates.map(object => shareOfSmaller(object.piece.detection.box, box));
    const most = shares.reduce((best, share, i) => (share > (shares[best] ?? 0) ? i : best), 0);
    if ((shares[most] ?? 0) < MIN_SHARE_OF_SMALLER) {
      objects.push({ piece, tiles: new Set([piece.tile]) });
      continue;
    }
    const same = candidates[most]!;
    same.tiles.add(piece.tile);
    if (same.piece.cut || piece.cut) same.piece = joinPieces(same.piece, piece);
  }
  return objects.map(({ piece }) => piece.detection);
}

function pieceOf(detection: Detection, tile: Rect, index: number, image: Size): Piece {
  const { box, mask, keypoints } = detection;
  const cut =
    (tile.x > 0 && box.xmin <= CUT_MARGIN) ||
    (tile.y > 0 && box.ymin <= CUT_MARGIN) ||
    (tile.x + tile.width < image.width && box.xmax >= tile.width - CUT_MARGIN) ||
    (tile.y + tile.height < image.height && box.ymax >= tile.height - CUT_MARGIN);
  const moved: Detection = {
    ...detection,
    box: {
      xmin: box.xmin + tile.x,
      ymin: box.ymin + tile.y,
      xmax: box.xmax + tile.x,
      ymax: box.ymax + tile.y,
    },
    ...(mask && {
      mask: new Mask(
        { x: mask.x + tile.x, y: mask.y + tile.y, width: mask.width, height: mask.height },
        mask.data,
        image,
      ),
    }),
    ...(keypoints && {
      keypoints: keypoints.map((point): Keypoint => ({ ...point, x: point.x + tile.x, y: point.y + tile.y })),
    }),
  };
  return { detection: moved, tile: index, cut };
}

function joinPieces(a: Piece, b: Piece): Piece {
  const p = a.detection.box;
  const q = b.detection.box;
  const box = {
    xmin: Math.min(p.xmin, q.xmin),
    ymin: Math.min(p.ymin, q.ymin),
    xmax: Math.max(p.xmax, q.xmax),
    ymax: Math.max(p.ymax, q.ymax),
  };
  const m = a.detection.mask;
  const n = b.detection.mask;
  return { ...a, detection: { ...a.detection, box, ...(m && n && { mask: joinMasks(m, n) }) } };
}

function joinMasks(a: Mask, b: Mask): Mask {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
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
  return new Mask({ x, y, width, height }, data, a.imageSize);
}

const shareOfSmaller = (a: Box, b: Box): number => boxIntersection(a, b) / Math.min(boxArea(a), boxArea(b));
