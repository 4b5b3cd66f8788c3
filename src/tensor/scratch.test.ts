import { expect, it } from 'vitest';
import { borrowScratch, handBack, Scratch, scratchMemory } from './scratch.ts';

const MEGABYTE = 2 ** 20;

it('reuses the memory of the run before', () => {
  const scratch = new Scratch();
  const pair = (): readonly ArrayBuffer[] => [scratchMemory(MEGABYTE), scratchMemory(2 * MEGABYTE)];
  const first = scratch.run(pair);
  expect(new Set(first).size, 'no result shares memory with another').toBe(2);
  expect(new Set([...first, ...scratch.run(pair)]).size).toBe(2);
  const smaller = scratch.run(() => scratchMemory(MEGABYTE - 8));
  expect(smaller, 'the smallest that suffices').toBe(first[0]);
});

it('replaces memory that is too small', () => {
  const scratch = new Scratch();
  const small = scratch.run(() => scratchMemory(MEGABYTE));
  const large = scratch.run(() => scratchMemory(3 * MEGABYTE));
  expect(large.byteLength).toBeGreaterThanOrEqual(3 * MEGABYTE);
  expect(scratch.run(() => [scratchMemory(MEGABYTE), scratchMemory(MEGABYTE)])).not.toContain(small);
});

it('is new memory outside of a run, also after one that fails', () => {
  const scratch = new Scratch();
  const inside = scratch.run(() => scratchMemory(MEGABYTE));
  expect(() =>
    scratch.run(() => {
      throw new Error('fails');
    }),
  ).toThrow('fails');
  expect(scratchMemory(MEGABYTE)).not.toBe(inside);
  expect(scratchMemory(MEGABYTE).byteLength).toBe(MEGABYTE);
});

it('is borrowed by one user at a time', () => {
  const first = borrowScratch();
  const second = borrowScratch();
  expect(second).not.toBe(first);
  handBack(first);
  expect(borrowScratch()).toBe(first);
});
