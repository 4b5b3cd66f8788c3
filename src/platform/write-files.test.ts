import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFiles } from './write-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('writeFiles', () => {
  it('joins small and large parts, and creates folders', async () => {
    const large = new Uint8Array(3 << 20).fill(7);
    const a = join(folder, 'new', 'deep', 'a');
    const b = join(folder, 'new', 'b');
    await writeFiles([
      { path: a, parts: [text('small'), large, text('small'), text(''), text('again')] },
      { path: b, parts: [] },
    ]);
    expect(Buffer.concat([text('small'), large, text('smallagain')]).equals(await readFile(a))).toBe(true);
    expect(await readFile(b)).toEqual(Buffer.alloc(0));
    expect(await readdir(join(folder, 'new'))).toEqual(['b', 'deep']);
  });

  it('changes nothing if producing a part fails', async () => {
    const bug = new TypeError('a bug');
    const broken = function* (): Generator<Uint8Array> {
      yield text('half');
      throw bug;
    };
    await writeFile(join(folder, 'a'), 'older');
    const files = [
      { path: join(folder, 'a'), parts: [text('newer')] },
      { path: join(folder, 'b'), parts: broken() },
    ];
    await expect(writeFiles(files)).rejects.toBe(bug);
    expect(await readdir(folder)).toEqual(['a']);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('older');
  });

  it('changes nothing if a folder or a file is in the way', async () => {
    await mkdir(join(folder, 'b'));
    await writeFile(join(folder, 'c'), '');
    // Windows reports a file in the path like a missing folder.
    const belowFile = process.platform === 'win32' ? 'Choose another folder.' : 'Choose another path.';
    for (const [path, remedy] of [
      [join(folder, 'b'), 'Choose another path.'],
      [join(folder, 'c', 'd'), belowFile],
    ] as const) {
      const files = [join(folder, 'a'), path].map(each => ({ path: each, parts: [text('new')] }));
      await expect(writeFiles(files)).rejects.toMatchObject({ code: 'io', remedy });
      expect(await readdir(folder)).toEqual(['b', 'c']);
    }
  });
});
