import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { packTar, type TarHeader } from 'modern-tar';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDecantError } from '../errors.ts';
import { MAX_ENTRIES, MAX_ENTRY_BYTES, MIN_RATIO_BYTES } from '../source/archive-rules.ts';
import type { Source } from '../source/source.ts';
import { MAX_FILES } from './folder-source.ts';
import { openSource } from './open-source.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const read = async (source: Source, path: string): Promise<string> => new TextDecoder().decode(await source.read(path));

const tar = (
  files: Readonly<Record<string, string | Uint8Array>>,
  extra: Partial<TarHeader> = {},
): Promise<Uint8Array> =>
  packTar(
    Object.entries(files).map(([name, content]) => {
      const body = typeof content === 'string' ? text(content) : content;
      return { header: { name, size: body.byteLength, type: 'file', ...extra }, body };
    }),
  );

const zip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, text(content)])));

const codeOf = (opened: Promise<unknown>): Promise<string> =>
  opened.then(
    () => 'opened',
    (thrown: unknown) => asDecantError(thrown).code,
  );

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a folder', () => {
  it('is listed recursively, with links to files and without hidden files', async () => {
    const root = join(folder, 'model');
    await mkdir(join(root, 'variables'), { recursive: true });
    await mkdir(join(root, '.git'));
    await writeFile(join(root, 'b.pb'), 'graph');
    await writeFile(join(root, '.git', 'config'), '');
    await writeFile(join(root, 'variables', 'a'), 'weights');
    await symlink(join(root, 'b.pb'), join(root, 'linked.pb'));
    await symlink(root, join(root, 'around'));
    await symlink(join(root, 'nothing'), join(root, 'broken'));
    const source = await openSource(root);
    expect(source.name).toBe(root);
    expect(await source.list()).toEqual(['b.pb', 'linked.pb', 'variables/a']);
    expect(await source.size('variables/a')).toBe(7);
    expect(await read(source, 'linked.pb')).toBe('graph');
    expect([...(await source.read('b.pb', 1, 3))]).toEqual([...text('ra')]);
    await expect(source.read('b.pb', 0, 6)).rejects.toMatchObject({ code: 'malformed' });
    await expect(source.read('c.pb')).rejects.toMatchObject({ code: 'not-found' });
    await expect(source.read('variables')).rejects.toMatchObject({ code: 'not-found' });
    await expect(source.read('../graph.json')).rejects.toMatchObject({ code: 'not-found' });
    await expect(source.read('a\0b')).rejects.toMatchObject({ code: 'io' });
  });

  it('is rejected if it has too many files', async () => {
    const root = join(folder, 'many');
    await mkdir(root);
    await Promise.all(Array.from({ length: MAX_FILES + 1 }, (_, i) => writeFile(join(root, String(i)), '')));
    await expect((await openSource(root)).list()).rejects.toMatchObject({ code: 'limit' });
  });
});

describe('a file', () => {
  it('is listed alone, but gives access to files next to it', async () => {
    const path = join(folder, 'graph.json');
    await writeFile(path, '{}');
    await writeFile(join(folder, 'weights.bin'), 'w');
    const source = await openSource(path);
    expect(source.name).toBe(path);
    expect(await source.list()).toEqual(['graph.json']);
    expect(await read(source, 'weights.bin')).toBe('w');
  });

  it('is rejected if it is missing, empty or a device', async () => {
    await writeFile(join(folder, 'empty'), '');
    await expect(openSource(join(folder, 'nothing'))).rejects.toMatchObject({
      code: 'not-found',
      message: `'${join(folder, 'nothing')}' does not exist`,
    });
    await expect(openSource(join(folder, 'empty', 'below'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(openSource(join(folder, 'empty'))).rejects.toMatchObject({ code: 'not-a-model' });
    await expect(openSource(new Uint8Array(0))).rejects.toMatchObject({ code: 'not-a-model' });
    await expect(openSource(devNull)).rejects.toMatchObject({ code: 'not-a-model' });
  });

  it('can be given as bytes', async () => {
    const source = await openSource(text('graph'), 'graph.pb');
    expect(await source.list()).toEqual(['graph.pb']);
    expect(await read(source, 'graph.pb')).toBe('graph');
  });
});

describe('a tar archive', () => {
  const files = { './m/saved_model.pb': 'graph', 'm/variables/v': 'weights', 'm/empty': '' };

  it('opens plain and compressed, from a file and from bytes', async () => {
    const plain = await tar(files);
    await writeFile(join(folder, 'm.tar'), plain);
    await writeFile(join(folder, 'm.tgz'), gzipSync(plain));
    for (const input of [plain, gzipSync(plain), join(folder, 'm.tar'), join(folder, 'm.tgz')]) {
      const source = await openSource(input);
      expect(await source.list()).toEqual(['m/empty', 'm/saved_model.pb', 'm/variables/v']);
      expect(await read(source, 'm/saved_model.pb')).toBe('graph');
      expect(await read(source, 'm/empty')).toBe('');
    }
  });

  it('reads files that span many chunks', async () => {
    const large = Uint8Array.from({ length: 300_001 }, (_, i) => (i * 31) % 251);
    const path = join(folder, 'large.tar.gz');
    await writeFile(path, gzipSync(await tar({ a: large, b: 'end' })));
    const source = await openSource(path);
    expect(Buffer.compare(await source.read('a'), large)).toBe(0);
    expect(await read(source, 'b')).toBe('end');
  });

  it('lists the files of a training checkpoint without reading them', async () => {
    const source = await openSource(
      await tar({ 'm/checkpoint/ckpt-0.data-00000-of-00001': 'weights', 'm/checkpoint/s/a': 'kept' }),
    );
    expect(await source.size('m/checkpoint/ckpt-0.data-00000-of-00001')).toBe(7);
    await expect(source.read('m/checkpoint/ckpt-0.data-00000-of-00001')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('training checkpoint') as string,
    });
    expect(await read(source, 'm/checkpoint/s/a')).toBe('kept');
  });

  it('does not read links and devices', async () => {
    for (const type of ['symlink', 'link', 'character-device', 'fifo'] as const) {
      const source = await openSource(await tar({ a: '' }, { type, linkname: '/etc/passwd' }));
      expect(await source.list()).toEqual(['a']);
      await expect(source.read('a')).rejects.toMatchObject({ code: 'unsupported' });
    }
  });

  it('is rejected if paths are outside of it or duplicate', async () => {
    expect(await codeOf(openSource(await tar({ '../a': 'x' })))).toBe('malformed');
    expect(await codeOf(openSource(await tar({ '/etc/a': 'x' })))).toBe('malformed');
    expect(await codeOf(openSource(await tar({ 'a/../../b': 'x' })))).toBe('malformed');
    expect(await codeOf(openSource(await tar({ a: 'x', './a': 'y' })))).toBe('malformed');
  });

  it('is rejected if it is truncated, corrupt or not an archive', async () => {
    const plain = await tar(files);
    const packed = gzipSync(plain);
    expect(await codeOf(openSource(plain.subarray(0, 700)))).toBe('malformed');
    expect(await codeOf(openSource(packed.subarray(0, packed.length - 12)))).toBe('malformed');
    expect(await codeOf(openSource(packed.subarray(0, 2)))).toBe('malformed');
    expect(await codeOf(openSource(packed.with(packed.length - 6, 0)))).toBe('malformed');
    expect(await codeOf(openSource(gzipSync(text('no tar'))))).toBe('malformed');
    expect(await codeOf(openSource(gzipSync(new Uint8Array(2048).fill(65))))).toBe('malformed');
  });

  it('is rejected if it is too large', async () => {
    const many = Object.fromEntries(Array.from({ length: MAX_ENTRIES + 1 }, (_, i) => [String(i), '']));
    expect(await codeOf(openSource(await tar(many)))).toBe('limit');
    const bomb = gzipSync(await tar({ zeros: new Uint8Array(MIN_RATIO_BYTES + 1) }));
    expect(await codeOf(openSource(bomb))).toBe('limit');
    expect(await codeOf(openSource(await withSize(await tar({ a: 'x' }), MAX_ENTRY_BYTES + 1)))).toBe('limit');
  });
});

describe('a zip archive', () => {
  it('opens from a file and from bytes', async () => {
    const bytes = zip({ 'm/a.pb': 'graph', 'm/variables/v': 'weights', 'm/d/': '' });
    await writeFile(join(folder, 'm.zip'), bytes);
    for (const input of [bytes, join(folder, 'm.zip')]) {
      const source = await openSource(input);
      expect(await source.list()).toEqual(['m/a.pb', 'm/variables/v']);
      expect(await source.size('m/variables/v')).toBe(7);
      expect(await read(source, 'm/a.pb')).toBe('graph');
      expect((await source.read('m/a.pb')).buffer).toBe((await source.read('m/a.pb')).buffer);
    }
  });

  it('is rejected if paths are outside of it or duplicate, or if it is truncated', async () => {
    expect(await codeOf(openSource(zip({ '../a': 'x' })))).toBe('malformed');
    expect(await codeOf(openSource(zip({ '..\\a': 'x' })))).toBe('malformed');
    expect(await codeOf(openSource(zip({ 'a/b': 'x', 'a\\b': 'y' })))).toBe('malformed');
    const whole = zip({ a: 'x' });
    expect(await codeOf(openSource(whole.subarray(0, whole.length - 10)))).toBe('malformed');
    expect(await codeOf(openSource(whole.subarray(0, 10)))).toBe('malformed');
  });

  it('is rejected if an entry does not match its checksum', async () => {
    const archive = zipSync({ 'm/a.pb': [text('graph'), { level: 0 }] });
    archive[archive.findIndex((byte, i) => byte === 0x67 && archive[i + 1] === 0x72)]! ^= 1;
    const source = await openSource(archive);
    await expect(source.read('m/a.pb')).rejects.toThrow(/'m\/a\.pb' does not match its checksum/);
  });

  it('is rejected if it is too large, before inflating', async () => {
    expect(
      await codeOf(
        openSource(zip(Object.fromEntries(Array.from({ length: MAX_ENTRIES + 1 }, (_, i) => [String(i), ''])))),
      ),
    ).toBe('limit');
    expect(await codeOf(openSource(withDirectorySize(zip({ a: 'x' }), MAX_ENTRY_BYTES + 1)))).toBe('limit');
    expect(await codeOf(openSource(withDirectorySize(zip({ a: 'x' }), MIN_RATIO_BYTES + 1)))).toBe('limit');
    const source = await openSource(withDirectorySize(zip({ a: 'xxxxx' }), 9));
    await expect(source.read('a')).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('hostile archives', () => {
  it('open or throw a DecantError, whatever byte is corrupt', async () => {
    const plain = await tar({ a: 'graph', 'b/c': 'weights' });
    const whole = [plain, gzipSync(plain), zip({ a: 'graph', 'b/c': 'weights' })];
    const settle = async (bytes: Uint8Array): Promise<void> => {
      try {
        const source = await openSource(bytes);
        for (const path of await source.list())
          expect((await source.read(path)).byteLength).toBe(await source.size(path));
      } catch (thrown) {
        expect(asDecantError(thrown)).not.toMatchObject({ code: 'internal' });
      }
    };
    for (const bytes of whole) {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => settle(bytes.with(at, byte))),
        { numRuns: 300 },
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length), at => settle(bytes.subarray(0, at))),
        { numRuns: 150 },
      );
    }
  });
});

async function withSize(archive: Uint8Array, size: number): Promise<Uint8Array> {
  const bytes = archive.slice();
  bytes.set(text(`${size.toString(8).padStart(11, '0')}\0`), 124);
  bytes.fill(32, 148, 156);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return Promise.resolve(bytes);
}

function withDirectorySize(archive: Uint8Array, size: number): Uint8Array {
  const bytes = archive.slice();
  const directory = new TextDecoder('latin1').decode(bytes).indexOf('PK\x01\x02');
  new DataView(bytes.buffer).setUint32(directory + 24, size, true);
  return bytes;
}
