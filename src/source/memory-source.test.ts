import { describe, expect, it } from 'vitest';
import { memorySource } from './memory-source.ts';
import { folderOf, resolvePath } from './paths.ts';
import { readText } from './read-text.ts';

describe('memorySource', () => {
  const source = memorySource('memory', [
    ['b/x.bin', Uint8Array.of(1, 2, 3, 4)],
    ['a.txt', new TextEncoder().encode('\ufeffé')],
    ['latin', Uint8Array.of(0xe9)],
  ]);

  it('lists sorted paths and reads ranges as views', async () => {
    expect(await source.list()).toEqual(['a.txt', 'b/x.bin', 'latin']);
    expect(await source.size('b/x.bin')).toBe(4);
    const whole = await source.read('b/x.bin');
    const part = await source.read('b/x.bin', 1, 3);
    expect([...part]).toEqual([2, 3]);
    expect(part.buffer).toBe(whole.buffer);
  });

  it('rejects missing files and ranges out of bounds', async () => {
    await expect(source.size('c')).rejects.toMatchObject({ code: 'not-found', message: `'memory' holds no file 'c'` });
    await expect(source.read('b/x.bin', 2, 9)).rejects.toMatchObject({ code: 'malformed' });
    await expect(source.read('b/x.bin', 3, 2)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('reads UTF-8 text without its byte order mark', async () => {
    expect(await readText(source, 'a.txt')).toBe('é');
    await expect(readText(source, 'latin')).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('resolvePath', () => {
  it('normalizes paths and rejects those outside', () => {
    expect(resolvePath('', './a//b/')).toBe('a/b');
    expect(resolvePath('a/b', '../c')).toBe('a/c');
    expect(resolvePath('a', '../..')).toBeUndefined();
    expect(resolvePath('a', '../../b')).toBeUndefined();
    expect(resolvePath('a', '/b')).toBeUndefined();
    expect(resolvePath('', '.')).toBeUndefined();
  });

  it('returns the folder of a path', () => {
    expect(folderOf('a/b/c')).toBe('a/b');
    expect(folderOf('c')).toBe('');
  });
});
