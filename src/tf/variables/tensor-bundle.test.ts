import { describe, expect, it } from 'vitest';
import {
  entry,
  type EntryFacts,
  floatBytes,
  floatEntry,
  header,
  indexBytes,
  join,
  type Row,
} from '../../../test/saved-model/bundle-bytes.ts';
import { memorySource } from '../../source/memory-source.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { maskedCrc32c } from '../../wire/crc32.ts';
import { sliceKey } from './slices.ts';
import { hasBundle, readTensorBundle, type TensorBundle } from './tensor-bundle.ts';

const SHARD = floatBytes([1, 2, 3, 4, 5, 6]);

const files = (rows: readonly Row[], shards: readonly Uint8Array[] = [SHARD]) =>
  memorySource('m', [
    ['v/x.index', indexBytes(rows)],
    ...shards.map((bytes, i) => [`v/x.data-0000${i}-of-0000${shards.length}`, bytes] as const),
  ]);

const bundle = (rows: readonly Row[], shards?: readonly Uint8Array[]): Promise<TensorBundle> =>
  readTensorBundle(files([header(shards?.length ?? 1), ...rows], shards), 'v/x');

const malformed = (message: string): unknown =>
  expect.objectContaining({ code: 'malformed', message: expect.stringContaining(message) as string });

describe('a tensor bundle', () => {
  it('reads tensors by key as views of its shards', async () => {
    const second = floatBytes([7, 8]);
    const read = await bundle(
      [
        ['b', floatEntry([3, 4], { offset: 8 })],
        ['a/c', floatEntry([7, 8], { shard: 1, shape: [2, 1] })],
      ],
      [SHARD, second],
    );
    expect(read.keys).toEqual(['a/c', 'b']);
    expect(read.tensor('nothing')).toBeUndefined();
    expect(read.tensor('a/c')).toMatchObject({ dtype: 'DT_FLOAT', shape: [2, 1] });
    expect([...numbersOf(read.tensor('a/c')!.data())]).toEqual([7, 8]);
    expect(read.tensor('b')!.data().data.buffer).toBe(SHARD.buffer);
    expect(read.tensor('b')).toBe(read.tensor('b'));
  });

  it('is detected by its index', async () => {
    expect(await hasBundle(files([header(1)]), 'v/x')).toBe(true);
    expect(await hasBundle(files([header(1)]), 'x')).toBe(false);
  });

  it.each<readonly [string, Uint8Array]>([
    ['is corrupt: checksum mismatch', floatEntry([1, 2], { crc: 1 })],
    ['is corrupt: checksum mismatch', floatEntry([1, 3])],
    ['is in shard 1, but the checkpoint has 1', floatEntry([1, 2], { shard: 1 })],
    ['is in shard -1, but the checkpoint has 1', floatEntry([1, 2], { shard: -1 })],
    ['ends at byte 28, but its shard at byte 24', floatEntry([5, 6], { offset: 20 })],
    ['ends at byte', floatEntry([1, 2], { offset: -4 })],
    ['ends at byte', floatEntry([1, 2], { size: -8 })],
    ['has 8 bytes, but f32[3] needs 12', floatEntry([1, 2], { shape: [3] })],
    ['has 8 bytes, but f32[1] needs 4', floatEntry([1, 2], { shape: [1] })],
    ['has 8 bytes, but f32[', floatEntry([1, 2], { shape: [2 ** 40, 2 ** 40] })],
    ['is not static', floatEntry([1, 2], { shape: [-1] })],
    ['BundleEntryProto', Uint8Array.of(0x08)],
  ])('reports the invalid tensor on use: %s', async (message, bad) => {
    const read = await bundle([
      ['bad', bad],
      ['good', floatEntry([1, 2])],
    ]);
    expect([...numbersOf(read.tensor('good')!.data())]).toEqual([1, 2]);
    expect(() => read.tensor('bad')!.data()).toThrow(malformed(message));
    if (!message.includes('Proto')) expect(() => read.tensor('bad')!.data()).toThrow(`tensor 'bad' of the checkpoint`);
  });

  it('rejects unknown types', async () => {
    const read = await bundle([['x', entry({ dtype: 99 })]]);
    expect(() => read.tensor('x')!.data()).toThrow(expect.objectContaining({ code: 'unsupported' }) as unknown);
  });
});

describe('strings', () => {
  const strings = ['', 'one', 'ä'.repeat(100)];
  const chars = strings.map(text => new TextEncoder().encode(text));
  const lengths = new Uint8Array(Uint32Array.from(chars, char => char.length).buffer);
  const lengthsCrc = new Uint8Array(Uint32Array.of(maskedCrc32c(lengths)).buffer);
  const stored = join(Uint8Array.of(0, 3, 200, 1), lengthsCrc, ...chars);
  const crc = maskedCrc32c(join(lengths, lengthsCrc, ...chars));
  const read = async (bytes: Uint8Array, facts: EntryFacts = {}): Promise<readonly string[]> => {
    const row: Row = ['t', entry({ dtype: 7, shape: [3], size: bytes.length, crc, ...facts })];
    return unpackStrings((await bundle([row], [bytes])).tensor('t')!.data());
  };

  it('are read after their lengths', async () => {
    expect(await read(stored)).toEqual(strings);
  });

  it('are verified', async () => {
    await expect(read(stored, { crc: 1 })).rejects.toThrow(malformed('is corrupt: checksum mismatch'));
    await expect(read(stored.with(40, 7))).rejects.toThrow(malformed('is corrupt: checksum mismatch'));
    await expect(read(stored.with(1, 2))).rejects.toThrow(malformed('do not match the size of its entry'));
    await expect(read(stored.subarray(0, 20))).rejects.toThrow(malformed('do not match the size of its entry'));
    await expect(read(stored, { shape: [2 ** 50] })).rejects.toThrow(malformed('is too short for'));
    const endless = join(new Uint8Array(9).fill(0xff), Uint8Array.of(1), stored);
    await expect(read(endless, { shape: [1] })).rejects.toThrow(malformed('do not match the size of its entry'));
  });
});

describe('a partitioned tensor', () => {
  const extents = (start: number, length: number) => [
    { start, length },
    { start: 0, length: -1 },
  ];
  const whole = (facts: EntryFacts = {}): Row => [
    'w',
    entry({ shape: [3, 2], slices: [[[0, 1], [0, -1]], [[1, 2], [0, -1]]], ...facts }), // prettier-ignore
  ];
  const first: Row = [sliceKey('w', extents(0, 1)), floatEntry([5, 6], { offset: 16 })];
  const second: Row = [sliceKey('w', extents(1, 2)), floatEntry([1, 2, 3, 4])];
  const read = async (...rows: readonly Row[]): Promise<readonly number[]> => [
    ...numbersOf((await bundle(rows)).tensor('w')!.data()),
  ];

  it('is assembled from its slices', async () => {
    expect(await read(whole(), first, second)).toEqual([5, 6, 1, 2, 3, 4]);
    expect((await bundle([whole(), first, second])).keys).toEqual(['w']);
  });

  it('needs all of its slices', async () => {
    await expect(read(whole(), first)).rejects.toThrow(
      malformed(`slice 1,0 of tensor 'w' of the checkpoint is missing`),
    );
    await expect(read(whole(), first, [second[0], floatEntry([1, 2])])).rejects.toThrow(
      malformed('but f32[2,2] needs 16'),
    );
    await expect(read(whole({ shape: [4, 2] }), first, second)).rejects.toThrow(malformed('do not cover [4,2]'));
    await expect(read(whole({ shape: [3, 2, 1] }), first, second)).rejects.toThrow(malformed('is out of bounds'));
  });

  it('is rejected if larger than its shards', async () => {
    const slices = [[[0, 2 ** 40]]] as const;
    await expect(read(whole({ shape: [2 ** 40], slices }))).rejects.toThrow(malformed('the shards are too small'));
  });

  it('cannot hold strings', async () => {
    await expect(read(whole({ dtype: 7 }), first, second)).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('an invalid bundle', () => {
  it('is rejected with its file', async () => {
    const index = indexBytes([header(1), ['a', floatEntry([1])]]);
    const read = (bytes: Uint8Array): Promise<unknown> =>
      readTensorBundle(memorySource('m', [['x.index', bytes]]), 'x');
    await expect(read(index.with(3, 9))).rejects.toMatchObject({ code: 'malformed', where: ['reading x.index'] });
    await expect(read(index.subarray(1))).rejects.toMatchObject({ code: 'malformed' });
    await expect(read(indexBytes([['a', floatEntry([1])]]))).rejects.toThrow(malformed('has no header'));
    await expect(read(indexBytes([header(0)]))).rejects.toThrow(malformed('declares 0 shards'));
    await expect(read(indexBytes([header(2 ** 31 - 1)]))).rejects.toThrow(malformed('shards'));
    await expect(read(indexBytes([header(1, 1)]))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is rejected before it exhausts memory', async () => {
    const sized = (index: number, shard: number) => {
      const source = files([header(1)]);
      return { ...source, size: (path: string) => Promise.resolve(path.endsWith('.index') ? index : shard) };
    };
    await expect(readTensorBundle(sized(2 ** 29, 0), 'v/x')).rejects.toMatchObject({ code: 'limit' });
    await expect(readTensorBundle(sized(100, 2 ** 33), 'v/x')).rejects.toMatchObject({ code: 'limit' });
  });

  it('is rejected if a shard is missing', async () => {
    const source = files([header(2), ['a', floatEntry([1])]]);
    await expect(readTensorBundle(source, 'v/x')).rejects.toMatchObject({
      code: 'not-found',
      message: `'v/x.data-00000-of-00002' is missing: 'v/x.index' declares 2 shards`,
    });
  });
});
