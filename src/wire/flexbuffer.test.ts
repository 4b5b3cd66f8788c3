import { describe, expect, it } from 'vitest';
import { decodeFlexbuffer, decodeFlexVector } from './flexbuffer.ts';

/** As `flatbuffers.flexbuffers` writes `max: 10, on: True, ratio: 0.5, far: -2.5 (indirect), low: -300, name: 'abc', list: [1, 2]`. */
const FILE = Buffer.from(
  '6d6178006f6e00726174696f0066617200000000000020c06c6f77006e616d650003616263006c69737400020102040407240c1b34193230' +
    '070000000100000007000000300000001c000000d4feffff0a00000032000000010000000000003f22280606146a0e232601',
  'hex',
);

describe('flexbuffers', () => {
  it('are maps of numbers, booleans and strings', () => {
    expect(Object.fromEntries(decodeFlexbuffer(FILE))).toEqual({
      max: 10,
      on: true,
      ratio: 0.5,
      far: -2.5,
      low: -300,
      name: 'abc',
    });
  });

  it('are vectors of texts', () => {
    // As `flatbuffers.flexbuffers` writes ['ab', 'c'].
    const vector = Buffer.from('026162000163000207041414042801', 'hex');
    expect(decodeFlexVector(vector).map(text => new TextDecoder().decode(text))).toEqual(['ab', 'c']);
    expect(() => decodeFlexVector(FILE)).toThrow(/not a flexbuffer with a vector/);
    expect(() => decodeFlexVector(vector.subarray(5))).toThrow(/past their end/);
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['not a map', Uint8Array.of(5, 4, 1)],
    ['without their beginning', FILE.subarray(60)],
  ])('are refused if %s', (_, bytes) => {
    expect(() => decodeFlexbuffer(bytes)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});
