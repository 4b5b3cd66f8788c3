import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readTextFile } from './read-text-file.ts';

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

it('refuses what is not text', async () => {
  const path = await written(Buffer.from('names\n\0\x01'));
  await expect(readTextFile(path)).rejects.toThrow(`'${path}' is not a text file`);
});

it.each([
  ['UTF-8', Buffer.from('café', 'latin1')],
  ['UTF-16LE', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
])('refuses what is not %s, instead of replacing letters', async (encoding, bytes) => {
  const path = await written(bytes);
  const message = expect.stringMatching(`^'${path}' is not a text file(?: in ${encoding})?$`) as string;
  const remedy = expect.stringContaining('in UTF-8') as string;
  await expect(readTextFile(path)).rejects.toMatchObject({ code: 'malformed', message, remedy });
});

it.each([
  ['UTF-8', Buffer.from('café'), 'café'],
  ['UTF-8 with a byte order mark', Buffer.from('\uFEFFcafé'), '\uFEFFcafé'],
  ['UTF-16, little-endian', utf16('café\r\n'), '\uFEFFcafé\r\n'],
  ['UTF-16, big-endian', utf16('café').swap16(), '\uFEFFcafé'],
])('reads %s', async (_name, bytes, text) => {
  expect(await readTextFile(await written(bytes))).toBe(text);
});

async function written(bytes: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-text-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.txt'), bytes);
  return join(folder, 'a.txt');
}
