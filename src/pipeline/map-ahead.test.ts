import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DecantError } from '../errors.ts';
import { mapAhead } from './map-ahead.ts';

function counted(length: number): { items: AsyncIterable<number>; pulled: () => number; returned: () => boolean } {
  let pulled = 0;
  let returned = false;
  async function* generate(): AsyncGenerator<number> {
    try {
      for (let i = 0; i < length; i++) {
        pulled++;
        yield i;
        await Promise.resolve();
      }
    } finally {
      returned = true;
    }
  }
  return { items: generate(), pulled: () => pulled, returned: () => returned };
}

async function collect<T>(results: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

const slowFirst = async (item: number): Promise<number> => {
  await wait(5 * (4 - item));
  return item;
};

const cancelled = expect.objectContaining({ code: 'cancelled' }) as DecantError;

describe('mapAhead', () => {
  it('yields results in the order of the items, or as they finish', async () => {
    const items = [0, 1, 2, 3];
    expect(await collect(mapAhead(items, slowFirst, { concurrency: 4 }))).toEqual([0, 1, 2, 3]);
    expect(await collect(mapAhead(items, slowFirst, { concurrency: 1, ordered: false }))).toEqual([0, 1, 2, 3]);
    const finish: (() => void)[] = [];
    const held = (item: number): Promise<number> => new Promise(resolve => (finish[item] = () => resolve(item)));
    const results = mapAhead(items, held, { concurrency: 4, ordered: false });
    for (const item of [3, 1, 0, 2]) {
      const next = results.next();
      await expect.poll(() => finish[item]).toBeDefined();
      finish[item]!();
      expect(await next).toEqual({ done: false, value: item });
    }
    expect(await collect(mapAhead([], slowFirst, { concurrency: 4 }))).toEqual([]);
  });

  it.each([true, false])('holds no more items than allowed, ordered: %s', async ordered => {
    const { items, pulled } = counted(100);
    let running = 0;
    let most = 0;
    let taken = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++running);
      await wait(item % 3);
      running--;
      return item;
    };
    for await (const result of mapAhead(items, work, { concurrency: 3, ordered })) {
      expect(result).toBeLessThan(100);
      taken++;
      // The item that the consumer has does not count as held.
      expect(pulled() - taken).toBeLessThanOrEqual(3);
      if (taken % 10 === 0) await wait(3);
    }
    expect([taken, most]).toEqual([100, 3]);
  });

  it('continues while results are not consumed', async () => {
    let finished = 0;
    const work = async (item: number): Promise<number> => {
      await wait(1);
      finished++;
      return item;
    };
    const results = mapAhead([0, 1, 2, 3, 4, 5], work, { concurrency: 3 });
    await results.next();
    await wait(30);
    expect(finished).toBeGreaterThanOrEqual(3);
    expect(finished).toBeLessThanOrEqual(4);
    await results.return();
  });

  it('yields results while the source is waiting', async () => {
    async function* stuck(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const results = mapAhead(stuck(), item => Promise.resolve(2 * item), { concurrency: 3 });
    expect(await results.next()).toEqual({ done: false, value: 2 });
    await results.return();
  });

  it('throws the error of the work', async () => {
    const { items, returned } = counted(100);
    const work = (item: number): Promise<number> =>
      item === 2 ? Promise.reject(new Error('no more')) : Promise.resolve(item);
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const result of mapAhead(items, work, { concurrency: 4 })) seen.push(result);
    };
    await expect(run()).rejects.toThrow('no more');
    expect(seen).toEqual([0, 1]);
    expect(returned()).toBe(true);
  });

  it('throws the error of the source after earlier results', async () => {
    function* broken(): Generator<number> {
      yield 0;
      yield 1;
      throw new Error('cut off');
    }
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const result of mapAhead(broken(), slowFirst, { concurrency: 4 })) seen.push(result);
    };
    await expect(run()).rejects.toThrow('cut off');
    expect(seen).toEqual([0, 1]);
    const useless = {
      [Symbol.iterator]: () => ({
        next(): never {
          throw new Error('nothing');
        },
      }),
    };
    await expect(collect(mapAhead(useless, slowFirst, { concurrency: 4 }))).rejects.toThrow('nothing');
  });

  it('aborts the work when the consumer stops', async () => {
    const { items, pulled, returned } = counted(100);
    const signals: AbortSignal[] = [];
    const work = async (item: number, signal: AbortSignal): Promise<number> => {
      signals.push(signal);
      await wait(1);
      return item;
    };
    for await (const result of mapAhead(items, work, { concurrency: 2 })) if (result === 3) break;
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(pulled()).toBeLessThanOrEqual(6);
    expect(returned()).toBe(true);
  });

  it('is cancelled by a signal', async () => {
    const controller = new AbortController();
    const { items } = counted(100);
    const run = async (): Promise<void> => {
      const work = (_: number, signal: AbortSignal): Promise<number> => wait(60_000, 0, { signal });
      setTimeout(() => controller.abort(), 5);
      await collect(mapAhead(items, work, { concurrency: 2, signal: controller.signal }));
    };
    await expect(run()).rejects.toEqual(cancelled);
    const late = mapAhead([1], item => Promise.resolve(item), { concurrency: 1, signal: controller.signal });
    await expect(late.next()).rejects.toEqual(cancelled);
  });

  it('rejects a concurrency below 1', async () => {
    for (const concurrency of [0, -1, NaN]) {
      await expect(mapAhead([1], slowFirst, { concurrency }).next()).rejects.toMatchObject({
        code: 'invalid-argument',
        message: `concurrency must be at least 1, got ${concurrency}`,
      });
    }
  });
});
