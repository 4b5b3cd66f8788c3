import { describe, expect, it } from 'vitest';
import { formatSizes, parseInputShapes, parseInputSpecs, unifySizes } from './input-spec.ts';

describe('parseInputSpecs', () => {
  it.each([
    ['image', [{ name: 'image' }]],
    ['[1,2]', [{ name: '', shape: [1, 2] }]],
    ['a/b:1[1,?,-1,3]{u8}', [{ name: 'a/b:1', shape: [1, -1, -1, 3], type: 'u8' }]],
    ['{f16}', [{ name: '', type: 'f16' }]],
    [' a [ 2 , 3 ] , 0:b , c[] ', [{ name: 'a', shape: [2, 3] }, { name: '0:b' }, { name: 'c', shape: [] }]],
    [
      'a[1..10,..10,1..,..,4..4]',
      [{ name: 'a', shape: [{ min: 1, max: 10 }, { min: 0, max: 10 }, { min: 1, max: Infinity }, -1, 4] }],
    ],
  ])('reads %s', (text, specs) => {
    expect(parseInputSpecs(text)).toEqual(specs);
  });

  it.each([
    '',
    'a,',
    ',a',
    'a[',
    'a]',
    'a[1,x]',
    'a[0]',
    'a[1.5]',
    'a[3..2]',
    'a[..0]',
    'a[1]b',
    'a[1,,2]',
    'a{u8}[1]',
  ])('rejects %j', text => {
    expect(() => parseInputSpecs(text)).toThrow('is not a list of inputs');
  });

  it('rejects an unknown type', () => {
    expect(() => parseInputSpecs('a[1]{uint8}')).toThrow("'uint8' is not an element type");
  });
});

it('reads a shape without brackets', () => {
  expect(parseInputShapes('1,?,3')).toEqual([{ name: '', shape: [1, -1, 3] }]);
  expect(parseInputShapes('a[1],b[2]')).toHaveLength(2);
});

it('formats sizes like OpenVINO', () => {
  expect(formatSizes([1, -1, { min: 1, max: 10 }, { min: 0, max: 9 }, { min: 2, max: Infinity }])).toBe(
    '[1,?,1..10,..9,2..]',
  );
});

it('intersects sizes', () => {
  expect(unifySizes(-1, 3)).toBe(3);
  expect(unifySizes(-1, -1)).toBe(-1);
  expect(unifySizes(3, 4)).toBeUndefined();
  expect(unifySizes({ min: 1, max: 10 }, 3)).toBe(3);
  expect(unifySizes({ min: 1, max: 10 }, 11)).toBeUndefined();
  expect(unifySizes({ min: 1, max: 10 }, { min: 5, max: Infinity })).toEqual({ min: 5, max: 10 });
  expect(unifySizes({ min: 1, max: 5 }, { min: 5, max: 9 })).toBe(5);
});
