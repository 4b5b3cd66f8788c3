import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { countBy, fromHash, PAGE_SCRIPT, toHash } from './page-script.ts';

describe('a view in the URL fragment', () => {
  it.each([
    { threshold: 0.35, hidden: new Set<string>() },
    { threshold: 1, hidden: new Set(['0', '17']) },
  ])('is restored: %j', view => {
    expect(fromHash(toHash(view), 0.5)).toEqual(view);
  });

  it.each(['', '#', '#threshold=2', '#threshold=x&hide=', '#other'])('defaults for %j', hash => {
    expect(fromHash(hash, 0.5)).toEqual({ threshold: 0.5, hidden: new Set() });
  });
});

it('counts items by key', () => {
  expect(countBy(['a', 'bb', 'cc'], text => String(text.length))).toEqual(new Map([['1', 1], ['2', 2]] as const)); // prettier-ignore
});

it('compiles, and does not close its script element', () => {
  expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
  expect(PAGE_SCRIPT).not.toContain('</');
});
