import { describe, expect, it } from 'vitest';
import { fixArguments, fixPrototype } from './fixed-arity.ts';

const VARIADIC = 'int set(void *object, const char *device, ...)';
const APPLE = process.platform === 'darwin' && process.arch === 'arm64';

describe('fixed arity', () => {
  it('leaves non-variadic functions unchanged', () => {
    expect(fixPrototype('int get(void *object, int index)', 2)).toBe('int get(void *object, int index)');
    expect(fixArguments('int get(void *object, int index)', [1n, 2])).toEqual([1n, 2]);
  });

  it.skipIf(APPLE)('has a parameter for each variadic argument', () => {
    expect(fixPrototype(VARIADIC, 4)).toBe('int set(void *object, const char *device, const char *, const char *)');
    expect(fixPrototype(VARIADIC, 2)).toBe('int set(void *object, const char *device)');
    expect(fixArguments(VARIADIC, [1n, 'CPU', 'key', 'value'])).toEqual([1n, 'CPU', 'key', 'value']);
  });

  it.runIf(APPLE)('has variadic arguments on the stack', () => {
    expect(fixPrototype(VARIADIC, 3)).toBe(
      `int set(void *object, const char *device${', intptr_t'.repeat(6)}, const char *)`,
    );
    expect(fixArguments(VARIADIC, [1n, 'CPU', 'key'])).toEqual([1n, 'CPU', 0, 0, 0, 0, 0, 0, 'key']);
  });
});
