import { describe, expect, it } from 'vitest';
import type { Detection } from './detection.ts';
import { Mask } from './mask.ts';
import { type TileResult, mergeTiles } from './merge-tiles.ts';

const PICTURE = { width: 200, height: 100 };
const LEFT = { x: 0, y: 0, width: 120, height: 100 };
const RIGHT = { x: 80, y: 0, width: 120, height: 100 };

type Edges = readonly [xmin: number, ymin: number, xmax: number, ymax: number];

const found = (score: number, [xmin, ymin, xmax, ymax]: Edges, more: Partial<Detection> = {}): Detection => ({
  label: 'dog',
  classId: 1,
  score,
  box: { xmin, ymin, xmax, ymax },
  ...more,
});

const look = (part: TileResult['part'], ...detections: readonly Detection[]): TileResult => ({ part, detections });
const boxes = (...looks: readonly TileResult[]) =>
  mergeTiles(looks, PICTURE).map(({ score, box: { xmin, ymin, xmax, ymax } }) => [score, xmin, ymin, xmax, ymax]);

describe('what several tiles found', () => {
  it('stands in the whole picture, best first', () => {
    expect(boxes(look(LEFT, found(0.5, [10, 10, 40, 40])), look(RIGHT, found(0.8, [60, 10, 90, 40])))).toEqual([
      [0.8, 140, 10, 170, 40],
      [0.5, 10, 10, 40, 40],
    ]);
  });

  it('is one object where it is the same, as the better one sees it', () => {
    expect(boxes(look(LEFT, found(0.5, [85, 10, 110, 40])), look(RIGHT, found(0.8, [6, 11, 31, 41])))).toEqual([
      [0.8, 86, 11, 111, 41],
    ]);
  });

  it('is joined where an edge cuts it', () => {
    expect(boxes(look(LEFT, found(0.9, [70, 10, 120, 40])), look(RIGHT, found(0.6, [0, 10, 60, 40])))).toEqual([
      [0.9, 70, 10, 140, 40],
    ]);
  });

  it('stays apart where one tile tells it apart, or where classes differ', () => {
    expect(boxes(look(LEFT, found(0.9, [10, 10, 60, 60]), found(0.8, [10, 10, 60, 40])))).toHaveLength(2);
    expect(boxes(look(LEFT, found(0.9, [10, 10, 60, 60]), found(0.8, [12, 12, 60, 60])))).toHaveLength(1);
    const cat = found(0.6, [5, 10, 30, 40], { label: 'cat', classId: 2 });
    expect(boxes(look(LEFT, found(0.9, [85, 10, 110, 40])), look(RIGHT, cat))).toHaveLength(2);
  });

  it('goes to the object that it shares most with', () => {
    const merged = boxes(
      look(LEFT, found(0.9, [80, 0, 119, 90]), found(0.8, [90, 20, 110, 40])),
      look(RIGHT, found(0.7, [11, 21, 31, 41])),
    );
    expect(merged).toEqual([
      [0.9, 80, 0, 119, 90],
      [0.8, 90, 20, 110, 40],
    ]);
  });

  it('moves points and joins masks', () => {
    const maskOf = (x: number, width: number, pixels: readonly number[]): Mask =>
      new Mask({ x, y: 10, width, height: 1 }, Uint8Array.from(pixels), LEFT);
    const [object] = mergeTiles(
      [
        look(LEFT, found(0.9, [116, 10, 120, 11], { mask: maskOf(116, 4, [0, 1, 1, 1]) })),
        look(
          RIGHT,
          found(0.8, [36, 10, 44, 11], {
            mask: maskOf(36, 8, [0, 1, 1, 1, 1, 1, 0, 1]),
            keypoints: [{ x: 40, y: 10, score: 1 }],
          }),
        ),
      ],
      PICTURE,
    );
    expect(object!.box).toEqual({ xmin: 116, ymin: 10, xmax: 124, ymax: 11 });
    expect(object!.mask).toMatchObject({ x: 116, y: 10, width: 8, height: 1, picture: PICTURE });
    expect([...object!.mask!.data]).toEqual([0, 1, 1, 1, 1, 1, 0, 1]);
    const [point] = mergeTiles(
      [look(RIGHT, found(0.8, [30, 10, 40, 11], { keypoints: [{ x: 35, y: 10, score: 1 }] }))],
      PICTURE,
    );
    expect(point!.keypoints).toEqual([{ x: 115, y: 10, score: 1 }]);
  });
});
