import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import type { Chunks } from './chunks.ts';
import { tarSource } from './tar-source.ts';

const unused = (): never => {
  throw new Error('unexpected decompression');
};

function watched(chunks: Iterable<Uint8Array>): {
  readonly chunks: Chunks;
  readonly seen: { taken: number; closed: boolean };
} {
  const seen = { taken: 0, closed: false };
  async function* run(): Chunks {
    try {
      for (const chunk of chunks) {
        seen.taken += 1;
        await new Promise(resolve => setImmediate(resolve));
        yield chunk;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { chunks: run(), seen };
}

function* endless(first: Uint8Array): Iterable<Uint8Array> {
  yield first;
  for (;;) yield new Uint8Array(2 ** 16);
}

const archive = (name: string, size = 4): Promise<Uint8Array> =>
  packTar([{ header: { name, size, type: 'file' }, body: new Uint8Array(size).fill(7) }]);

describe('tarSource', () => {
  it('reads chunks of any size', async () => {
    const bytes = await archive('a/b', 1500);
    for (const step of [1, 7, 511, 512, 513, 5000]) {
      const parts = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
        bytes.subarray(i * step, (i + 1) * step),
      );
      const { chunks, seen } = watched(parts);
      const source = await tarSource('m.tar', chunks, unused);
      expect(await source.list()).toEqual(['a/b']);
      expect(await source.read('a/b')).toEqual(new Uint8Array(1500).fill(7));
      expect(seen).toEqual({ taken: parts.length, closed: true });
    }
  });

  it('closes a rejected archive', async () => {
    for (const first of [await archive('../a'), new Uint8Array(600).fill(65)]) {
      const { chunks, seen } = watched(endless(first));
      await expect(tarSource('m.tar', chunks, unused)).rejects.toMatchObject({ code: 'malformed' });
      await new Promise(resolve => setTimeout(resolve, 50));
      expect(seen.closed).toBe(true);
      expect(seen.taken).toBeLessThan(100);
    }
  });

  it('reports errors of the input', async () => {
    async function* failing(): Chunks {
      yield (await archive('a')).subarray(0, 100);
      throw Object.assign(new Error('the line went dead'));
    }
    await expect(tarSource('m.tar', failing(), unused)).rejects.toMatchObject({
      code: 'malformed',
      message: `'m.tar' is not a complete tar archive: the line went dead`,
    });
  });
});
