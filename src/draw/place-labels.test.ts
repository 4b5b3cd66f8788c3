import { describe, expect, it } from 'vitest';
import { placeLabels } from './place-labels.ts';
import { boxIntersection, type Rect, toBox } from '../image/geometry.ts';

const image = { width: 200, height: 100 };
const label = { width: 40, height: 10 };
const rect = (x: number, y: number, width: number, height: number): Rect => ({ x, y, width, height });
const place = (...boxes: Rect[]) =>
  placeLabels(
    boxes,
    boxes.map(() => label),
    image,
  );

describe('placeLabels', () => {
  it('puts a label above its box', () => {
    expect(place(rect(50, 30, 60, 40))).toEqual([rect(50, 20, 40, 10)]);
  });

  it('puts it inside if the image has no room above', () => {
    expect(place(rect(50, 0, 60, 40))).toEqual([rect(50, 0, 40, 10)]);
    expect(place(rect(50, 9, 60, 40))).toEqual([rect(50, 9, 40, 10)]);
  });

  it('keeps it inside the image at the sides', () => {
    expect(place(rect(190, 30, 10, 40))).toEqual([rect(160, 20, 40, 10)]);
    expect(place(rect(0, 0, 200, 100))).toEqual([rect(0, 0, 40, 10)]);
  });

  it('spreads the labels of identical boxes', () => {
    const places = place(...Array.from({ length: 6 }, () => rect(50, 30, 100, 40)));
    places.forEach((a, i) => {
      for (const b of places.slice(i + 1)) expect(boxIntersection(toBox(a), toBox(b))).toBe(0);
    });
  });

  it('lets labels overlap if every place is taken', () => {
    expect(place(...Array.from({ length: 20 }, () => rect(50, 30, 60, 40)))).toHaveLength(20);
  });

  it('aligns a label larger than the image with its corner', () => {
    const [placed] = placeLabels([rect(3, 1, 2, 2)], [{ width: 40, height: 10 }], { width: 5, height: 4 });
    expect(placed).toEqual(rect(0, 0, 40, 10));
  });
});
