import { describe, expect, it } from 'vitest';
import { datasetIds, unknownCategories } from './dataset-ids.ts';

const image = (id: number, fileName: string) => ({ id, fileName, width: 1, height: 1 });

const ids = datasetIds({
  images: [image(1, 'a/x.jpg'), image(2, 'b/x.jpg'), image(3, 'b/y.jpg'), image(4, 'z.jpg')],
  categories: [
    { id: 10, name: 'traffic light' },
    { id: 7, name: 'Dog' },
  ],
});

describe('datasetIds', () => {
  it('matches images by the end of their path', () => {
    expect(['/data/b/x.jpg', 'a\\x.jpg', 'elsewhere/y.jpg', '../b/z.jpg'].map(file => ids.imageIdOf(file))).toEqual([
      2, 1, 3, 4,
    ]);
  });

  it('rejects unknown and ambiguous images', () => {
    expect(() => ids.imageIdOf('x.jpg')).toThrow('x.jpg is not in the annotations');
    expect(() => ids.imageIdOf('zz.jpg')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error);
  });

  it('matches classes by name, or by id if they have none', () => {
    const idOf = (label: string, classId: number) => ids.categoryIdOf({ label, classId });
    expect([idOf('Traffic_light', 1), idOf('dog', 10), idOf('cat', 7)]).toEqual([10, 7, undefined]);
    expect([idOf('class 7', 7), idOf('class 8', 8)]).toEqual([7, undefined]);
  });
});

it('unknownCategories', () => {
  const categories = [
    { id: 1, name: 'dog' },
    { id: 2, name: 'unicorn' },
  ];
  expect(unknownCategories(categories, new Map([[5, 'Dog']]))).toEqual([categories[1]]);
  expect(unknownCategories(categories, new Map())).toEqual([]);
});
