import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DecantError } from '../errors.ts';
import { archiveKind, isGzip } from '../source/archive-kind.ts';

const HEAD_BYTES = 1024;
/** A zip ends with a record of 22 bytes and a comment of at most 65,535. */
const ZIP_END_BYTES = 22 + 65_535;

const PAGE = /^\s*(?:<!doctype html|<html|<head|<body)/i;

export async function checkDownload(path: string, url: string): Promise<void> {
  const { head, tail, size } = await ends(path);
  if (size === 0) throw new DecantError('not-a-model', `the file at ${url} is empty`);
  const text = new TextDecoder().decode(head);
  if (PAGE.test(text)) {
    throw new DecantError('not-a-model', `${url} is a web page${titleOf(text)}, not a model`, {
      remedy: 'Open the URL in a browser, download the model there, and pass the path of the file.',
    });
  }
  if (archiveKind(head) === 'zip' && tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') < 0)
    throw incomplete(url, size);
  if (!isGzip(head)) return;
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), discard);
  } catch (cause) {
    throw incomplete(url, size, cause);
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

export function checkChecksum(name: string, expected: string, actual: string): void {
  if (expected.toLowerCase() === actual) return;
  throw new DecantError('malformed', `${name} has SHA-256 ${actual}, expected ${expected.toLowerCase()}`, {
    remedy: 'The file is corrupt or not the expected one: check the URL, or download it again with --force.',
  });
}

async function ends(path: string): Promise<{ readonly head: Buffer; readonly tail: Buffer; readonly size: number }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const read = async (start: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  };
  const tail = Math.min(size, ZIP_END_BYTES);
  return { head: await read(0, Math.min(size, HEAD_BYTES)), tail: await read(size - tail, tail), size };
}

function titleOf(page: string): string {
  const [, title] = /<title[^>]*>\s*([^<]{1,80}?)\s*</i.exec(page) ?? [];
  return title === undefined ? '' : ` ('${title.replaceAll(/\s+/g, ' ')}')`;
}

const incomplete = (url: string, size: number, cause?: unknown): DecantError =>
  new DecantError('malformed', `the archive at ${url} is corrupt or truncated: the server sent ${size} bytes`, {
    cause,
    remedy: 'Try again later, or download it in another way and pass the path of the file.',
  });
