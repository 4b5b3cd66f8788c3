import { expect, it } from 'vitest';
import { lineOf } from './transfer.ts';

it('formats the progress of a download', () => {
  const at = { file: 'a.tar.gz', phase: 'download', done: 12_300_000, total: 30_000_000 } as const;
  expect(lineOf(at, 5_100_000)).toBe('a.tar.gz  12.3 MB of 30.0 MB  5.1 MB/s  4 s left');
  expect(lineOf({ ...at, done: 29_000_000 }, 5_100_000)).toContain('  1 s left');
  expect(lineOf(at, undefined)).toBe('a.tar.gz  12.3 MB of 30.0 MB');
  expect(lineOf(at, 0)).toBe('a.tar.gz  12.3 MB of 30.0 MB  0 kB/s');
  expect(lineOf({ ...at, total: undefined }, 5_100_000)).toBe('a.tar.gz  12.3 MB  5.1 MB/s');
  expect(lineOf({ ...at, phase: 'check' }, undefined)).toBe('a.tar.gz  checking');
  expect(lineOf({ ...at, phase: 'wait' }, undefined)).toBe('a.tar.gz  12.3 MB, downloaded by another process');
});
