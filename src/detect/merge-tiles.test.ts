import { describe, expect, it } from 'vitest';
import type { Detection } from './detection.ts';
import { Mask } from './mask.ts';
import { type TileResult, mergeTiles } from './merge-tiles.ts';

const IMAGE = { width: 200, height: 100 };
const LEFT = { x: 0, y: 0, width: 120, height: 100 };
const RIGHT = { x: 80, y: 0, width: 120, height: 100 };

type Edges = readonly [xmin: number, ymin: number, xmax: number, ymax: number];

const detection = (score: number, [xmin, ymin, xmax, ymax]: Edges, more: Partial<Detection> = {}): Detection => ({
  label: 'dog',
  classId: 1,
  score,
  box: { xmin, ymin, xmax, ymax },
  ...more,
});

const resultOf = (tile: TileResult['tile'], ...detections: readonly Detection[]): TileResult => ({ tile, detections });
const boxes = (...results: readonly TileResult[]) =>
  mergeTiles(results, IMAGE).map(({ score, box: { xmin, ymin, xmax, ymax } }) => [score, xmin, ymin, xmax, ymax]);

describe('mergeTiles', () => {
  it('returns boxes in pixels of the image, best first', () => {
    expect(
      boxes(resultOf(LEFT, detection(0.5, [10, 10, 40, 40])), resultOf(RIGHT, detection(0.8, [60, 10, 90, 40]))),
    ).toEqual([
      [0.8, 140, 10, 170, 40],
      [0.5, 10, 10, 40, 40],
    ]);
  });

  it('keeps the better of two detections of an object', () => {
    expect(
      boxes(resultOf(LEFT, detection(0.5, [85, 10, 110, 40])), resultOf(RIGHT, detection(0.8, [6, 11, 31, 41]))),
    ).toEqual([[0.8, 86, 11, 111, 41]]);
  });

  it('joins boxes cut by the edge of a tile', () => {
    expect(
      boxes(resultOf(LEFT, detection(0.9, [70, 10, 120, 40])), resultOf(RIGHT, detection(0.6, [0, 10, 60, 40]))),
    ).toEqual([[0.9, 70, 10, 140, 40]]);
  });

  it('keeps detections of one tile or of different classes apart', () => {
    expect(boxes(resultOf(LEFT, detection(0.9, [10, 10, 60, 60]), detection(0.8, [10, 10, 60, 40])))).toHaveLength(2);
    expect(boxes(resultOf(LEFT, detection(0.9, [10, 10, 60, 60]), detection(0.8, [12, 12, 60, 60])))).toHaveLength(1);
    const cat = detection(0.6, [5, 10, 30, 40], { label: 'cat', classId: 2 });
    expect(boxes(resultOf(LEFT, detection(0.9, [85, 10, 110, 40])), resultOf(RIGHT, cat))).toHaveLength(2);
  });

  it('merges into the object with the largest overlap', () => {
    const merged = boxes(
      resultOf(LEFT, detection(0.9, [80, 0, 119, 90]), detection(0.8, [90, 20, 110, 40])),
      resultOf(RIGHT, detection(0.7, [11, 21, 31, 41])),
    );
    expect(merged).toEqual([
      [0.9, 80, 0, 119, 90],
      [0.8, 90, 20, 110, 40],
    ]);
  });

  it('shifts keypoints and joins masks', () => {
    const maskOf = (x: number, width: number, pixels: readonly number[]): Mask =>
      new Mask({ x, y: 10, width, height: 1 }, Uint8Array.from(pixels), LEFT);
    const [object] = mergeTiles(
      [
        resultOf(LEFT, detection(0.9, [116, 10, 120, 11], { mask: maskOf(116, 4, [0, 1, 1, 1]) })),
        resultOf(
          RIGHT,
          detection(0.8, [36, 10, 44, 11], {
            mask: maskOf(36, 8, [0, 1, 1, 1, 1, 1, 0, 1]),
            keypoints: [{ x: 40, y: 10, score: 1 }],
          }),
        ),
      ],
      IMAGE,
    );
    expect(object!.box).toEqual({ xmin: 116, ymin: 10, xmax: 124, ymax: 11 });
    expect(object!.mask).toMatchObject({ x: 116, y: 10, width: 8, height: 1, imageSize: IMAGE });
    expect([...object!.mask!.data]).toEqual([0, 1, 1, 1, 1, 1, 0, 1]);
    const [point] = mergeTiles(
      [resultOf(RIGHT, detection(0.8, [30, 10, 40, 11], { keypoints: [{ x: 35, y: 10, score: 1 }] }))],
      IMAGE,
    );
    expect(point!.keypoints).toEqual([{ x: 115, y: 10, score: 1 }]);
  });
});
