import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DeviceTurns } from './device-turns.ts';

it('counts the time of an inference from when an earlier one has ended', async () => {
  const turns = new DeviceTurns(1);
  const first = turns.run(() => pause(60, 'first'));
  const second = turns.run(() => pause(80, 'second'));
  const third = turns.run(() => pause(120, 'third'));
  const [one, two, three] = await Promise.all([first, second, third]);
  expect([one.result, two.result, three.result]).toEqual(['first', 'second', 'third']);
  expect(one.ms).toBeGreaterThan(55);
  expect(two.begun).toBeGreaterThanOrEqual(one.begun + one.ms);
  expect(three.begun).toBeGreaterThanOrEqual(two.begun + two.ms);
});

it('lets the next begin if one fails, or ends before its turn', async () => {
  const turns = new DeviceTurns(1);
  const failed = turns.run(async () => {
    await pause(20);
    throw new Error('failed');
  });
  const quick = turns.run(() => pause(1, 'quick'));
  const last = turns.run(() => pause(60));
  await expect(failed).rejects.toThrow('failed');
  expect((await quick).result).toBe('quick');
  const start = performance.now();
  const { begun, ms } = await last;
  expect(begun).toBeLessThanOrEqual(start);
  expect(ms).toBeLessThan(60);
});
