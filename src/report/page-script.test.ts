import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { countBy, fromHash, PAGE_SCRIPT, toHash } from './page-script.ts';

describe('the view in the address', () => {
  it.each([
    { threshold: 0.35, hidden: new Set<string>() },
    { threshold: 1, hidden: new Set(['0', '17']) },
  ])('is read as it was written: %j', view => {
    expect(fromHash(toHash(view), 0.5)).toEqual(view);
  });

  it.each(['', '#', '#threshold=2', '#threshold=x&hide=', '#other'])('is the usual one for %j', hash => {
    expect(fromHash(hash, 0.5)).toEqual({ threshold: 0.5, hidden: new Set() });
  });
});

it('countBy', () => {
  expect(countBy(['a', 'bb', 'cc'], text => String(text.length))).toEqual(new Map([['1', 1], ['2', 2]] as const)); // prettier-ignore
});

it('is a script as it is, which no text ends early', () => {
  expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
  expect(PAGE_SCRIPT).not.toContain('</');
});
