import { describe, expect, it } from 'vitest';
import { clipBox } from '../image/geometry.ts';
import { type Detection, select } from './detection.ts';

describe('clipBox', () => {
  const size = { width: 20, height: 10 };

  it('keeps the part inside the image, with fractions', () => {
    expect(clipBox({ xmin: -1, ymin: 2.5, xmax: 30, ymax: 9.75 }, size)).toEqual({
      xmin: 0,
      ymin: 2.5,
      xmax: 20,
      ymax: 9.75,
    });
  });

  it.each([
    ['outside the image', { xmin: 20, ymin: 0, xmax: 25, ymax: 5 }],
    ['with inverted edges', { xmin: 5, ymin: 5, xmax: 4, ymax: 8 }],
    ['without height', { xmin: 5, ymin: 5, xmax: 8, ymax: 5 }],
    ['with NaN', { xmin: NaN, ymin: 5, xmax: 8, ymax: 9 }],
  ])('returns undefined for a box %s', (_, box) => {
    expect(clipBox(box, size)).toBeUndefined();
  });
});

describe('select', () => {
  const detection = (label: string, classId: number, score: number): Detection => ({
    label,
    classId,
    score,
    box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 },
  });
  const detections = [detection('a', 1, 0.2), detection('b', 2, 0.9), detection('c', 1, 0.5), detection('d', 3, 0.5)];
  const labels = (selection: Parameters<typeof select>[1]) => select(detections, selection).map(({ label }) => label);

  it('sorts by score, keeping the order of equal scores', () => {
    expect(labels({})).toEqual(['b', 'c', 'd', 'a']);
    expect(detections[0]!.label).toBe('a');
  });

  it('keeps a score equal to the threshold', () => {
    expect(labels({ threshold: 0.5 })).toEqual(['b', 'c', 'd']);
  });

  it('filters classes and keeps the best detections', () => {
    expect(labels({ classIds: new Set([1, 3]) })).toEqual(['c', 'd', 'a']);
    expect(labels({ classIds: new Set([1, 3]), maxDetections: 1 })).toEqual(['c']);
    expect(labels({ maxDetections: 0 })).toEqual([]);
  });

  it('drops a NaN score', () => {
    expect(select([detection('x', 1, NaN)], {})).toEqual([]);
  });

  it.each([{ threshold: 1.5 }, { threshold: NaN }, { threshold: -0.1 }, { maxDetections: -1 }, { maxDetections: NaN }])(
    'rejects %o',
    selection => {
      expect(() => labels(selection)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    },
  );
});
