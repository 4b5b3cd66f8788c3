import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { type Dimension, PartialShape } from './partial-shape.ts';

describe('PartialShape', () => {
  it.each<[readonly Dimension[] | undefined, string]>([
    [[1, 512, 512, 3], '[1,512,512,3]'],
    [[1, undefined, -1, 3], '[1,?,?,3]'],
    [
      [
        [1, 640],
        [0, 5],
        [3, Infinity],
        [0, Infinity],
        [7, 7],
      ],
      '[1..640,..5,3..,?,7]',
    ],
    [[], '[]'],
    [undefined, '[...]'],
  ])('prints %j as OpenVINO does', (dimensions, text) => {
    expect(new PartialShape(dimensions).toString()).toBe(text);
  });

  it('is static if every size is a number', () => {
    expect(new PartialShape([2, [3, 3]]).isStatic()).toBe(true);
    expect(new PartialShape([]).isStatic()).toBe(true);
    expect(new PartialShape([2, [3, 4]]).isDynamic()).toBe(true);
    expect(new PartialShape(undefined).isDynamic()).toBe(true);
  });

  it('accepts shapes within its ranges', () => {
    const shape = new PartialShape([1, undefined, [2, 4]]);
    expect(shape.accepts([1, 0, 2])).toBe(true);
    expect(shape.accepts([1, 9, 5])).toBe(false);
    expect(shape.accepts([2, 9, 4])).toBe(false);
    expect(shape.accepts([1, 9])).toBe(false);
    expect(new PartialShape(undefined).accepts([1, 9])).toBe(true);
  });

  it.each<Dimension>([-2, 1.5, NaN, [4, 2], [-1, 2], [0, 1.5]])('rejects the size %j', dimension => {
    expect(() => new PartialShape([dimension])).toThrow(DecantError);
  });
});
