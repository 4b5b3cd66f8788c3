import { expect, it } from 'vitest';
import { backoff, retryAfter } from './retryable-error.ts';

it('doubles the delay, with jitter, up to a maximum', () => {
  expect([1, 2, 3].map(n => backoff(n, 500, () => 0))).toEqual([500, 1000, 2000]);
  expect(backoff(1, 500, () => 1)).toBe(250);
  expect(backoff(50, 500, () => 0)).toBe(30_000);
});

it('reads Retry-After as seconds or as a date', () => {
  const now = Date.parse('Wed, 21 Oct 2020 07:28:00 GMT');
  expect(retryAfter('120', now)).toBe(120_000);
  expect(retryAfter('Wed, 21 Oct 2020 07:28:30 GMT', now)).toBe(30_000);
  expect(retryAfter('Wed, 21 Oct 2020 07:27:30 GMT', now)).toBe(0);
  expect(retryAfter('soon', now)).toBeUndefined();
  expect(retryAfter(undefined, now)).toBeUndefined();
});
