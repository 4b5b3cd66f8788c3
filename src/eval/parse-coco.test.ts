import { describe, expect, it } from 'vitest';
import { parseCocoDataset, parseCocoResults } from './parse-coco.ts';

const dataset = {
  images: [{ id: 5, file_name: 'a.jpg', width: 4, height: 3 }, { id: 'b' }],
  categories: [{ id: 1, name: 'dog', supercategory: 'animal' }],
  annotations: [
    { image_id: 5, category_id: 1, bbox: [0, 1, 2, 3] },
    {
      id: 9,
      image_id: 'b',
      category_id: 1,
      bbox: [0, 0, 1, 1],
      area: 0.5,
      iscrowd: 1,
      segmentation: { size: [3, 4], counts: [12] },
    },
    { id: 10, image_id: 5, category_id: 1, bbox: [0, 0, 1, 1], iscrowd: 0, segmentation: [[0, 0, 1, 0, 1, 1]] },
  ],
};

const parse = (change: object): unknown => parseCocoDataset(JSON.stringify({ ...dataset, ...change }), 'x.json');
const annotation = (change: object): unknown => parse({ annotations: [{ ...dataset.annotations[0], ...change }] });

describe('parseCocoDataset', () => {
  it.each([
    [false, false],
    [true, true],
    [0, false],
    [1, true],
    [null, false],
  ])('reads iscrowd %j as %j', (iscrowd, crowd) => {
    expect(annotation({ iscrowd })).toMatchObject({ annotations: [{ crowd }] });
  });

  it('rejects other values of iscrowd', () => {
    expect(() => annotation({ iscrowd: 'no' })).toThrow('x.json.annotations[0].iscrowd is not a number');
  });

  it('reads annotations and fills in defaults', () => {
    const none = { segmentation: undefined };
    expect(parse({})).toEqual({
      images: [
        { id: 5, fileName: 'a.jpg', width: 4, height: 3 },
        { id: 'b', fileName: '', width: 0, height: 0 },
      ],
      categories: [{ id: 1, name: 'dog' }],
      annotations: [
        { id: 1, imageId: 5, categoryId: 1, bbox: [0, 1, 2, 3], area: 6, crowd: false, ...none },
        {
          ...{ id: 9, imageId: 'b', categoryId: 1, bbox: [0, 0, 1, 1], area: 0.5, crowd: true },
          segmentation: { size: [3, 4], counts: [12] },
        },
        {
          ...{ id: 10, imageId: 5, categoryId: 1, bbox: [0, 0, 1, 1], area: 1, crowd: false },
          segmentation: [[0, 0, 1, 0, 1, 1]],
        },
      ],
    });
  });

  it.each([
    [() => parseCocoDataset('{', 'x.json'), 'x.json is not JSON: '],
    [() => parseCocoDataset('[]', 'x.json'), 'x.json contains results, not annotations'],
    [() => parse({ images: undefined }), "x.json has no 'images'"],
    [() => parse({ images: {} }), 'x.json.images is not an array'],
    [() => parse({ images: [3] }), 'x.json.images[0] is not an object'],
    [() => parse({ images: [{ id: 1.5 }] }), 'x.json.images[0].id is not an integer'],
    [() => parse({ categories: [{ id: 1, name: 2 }] }), 'x.json.categories[0].name is not a string'],
    [
      () => parse({ categories: [...dataset.categories, ...dataset.categories] }),
      'x.json.categories has duplicate id 1',
    ],
    [() => parse({ images: [{ id: 1 }, { id: 1 }] }), 'x.json.images has duplicate id 1'],
    [() => annotation({ area: -1 }), 'x.json.annotations[0].area is negative'],
    [() => annotation({ bbox: [1, 2, 3] }), 'x.json.annotations[0].bbox is not four numbers: x, y, width, height'],
    [() => annotation({ bbox: [1, 2, 3, -1] }), 'x.json.annotations[0].bbox has a negative width or height'],
    [() => annotation({ bbox: [1, 2, 3, '4'] }), 'x.json.annotations[0].bbox[3] is not a number'],
    [() => annotation({ segmentation: [[1, 2, 3]] }), 'x.json.annotations[0].segmentation[0] has an x without a y'],
    [
      () => annotation({ segmentation: [[1, 1e300, 2, 2, 3, 3]] }),
      'x.json.annotations[0].segmentation[0][1] is not a coordinate of an image',
    ],
    [
      () => annotation({ segmentation: { size: [3, 4], counts: [5, 9e9] } }),
      'x.json.annotations[0].segmentation.counts does not fit 4 x 3 pixels',
    ],
    [
      () => annotation({ segmentation: { size: [3, 4], counts: [5, -1] } }),
      'x.json.annotations[0].segmentation.counts does not fit 4 x 3 pixels',
    ],
    [() => parse({ images: [{ id: 1, width: 1e9 }] }), 'x.json.images[0].width is not from 0 to 1048576'],
    [() => annotation({ segmentation: { size: [1] } }), 'x.json.annotations[0].segmentation has no height and width'],
  ])('rejects malformed input: %#', (parsing, message) => {
    expect(parsing).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
    expect(parsing).toThrow(message);
  });
});

it('parseCocoResults', () => {
  const result = { image_id: 5, category_id: 1, bbox: [0, 1, 2, 3], score: 0.5 };
  expect(parseCocoResults(`\uFEFF${JSON.stringify([result])}`, 'r.json')).toEqual([
    { imageId: 5, categoryId: 1, bbox: [0, 1, 2, 3], score: 0.5, segmentation: undefined },
  ]);
  expect(() => parseCocoResults(JSON.stringify([{ ...result, score: null }]), 'r.json')).toThrow(
    "r.json[0] has no 'score'",
  );
  expect(() => parseCocoResults('{}', 'r.json')).toThrow('r.json is not an array');
});
