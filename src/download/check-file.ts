import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DecantError } from '../errors.ts';
import { isGzip } from '../source/tar-source.ts';
import { isZip } from '../source/zip-source.ts';

/** Enough to see what a file is. */
const HEAD_BYTES = 1024;
/** The record at the end of a zip has 22 bytes and a comment of at most 65,535. */
const ZIP_END_BYTES = 22 + 65_535;

const PAGE = /^\s*(?:<!doctype html|<html|<head|<body)/i;

/**
 * Refuses what a server sent in place of a model: a page for people, or an archive that lacks its end.
 *
 * @param what the URL, for messages
 * @throws DecantError `not-a-model`, `malformed`
 */
export async function checkDownload(path: string, what: string): Promise<void> {
  const { head, tail, size } = await ends(path);
  if (size === 0) throw new DecantError('not-a-model', `there is an empty file at ${what}`);
  const text = new TextDecoder().decode(head);
  if (PAGE.test(text)) {
    throw new DecantError('not-a-model', `there is a web page at ${what}, no model${titleOf(text)}`, {
      remedy: 'Open the address in a browser, download the model there, and give the path of the file.',
    });
  }
  if (isZip(head) && tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') < 0) throw incomplete(what, size);
  if (!isGzip(head)) return;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip(), nowhere);
  } catch (cause) {
    throw incomplete(what, size, cause);
  }
}

/** SHA-256 as 64 hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** @throws DecantError `malformed` where two sums differ */
export function checkChecksum(what: string, wanted: string, found: string): void {
  if (wanted.toLowerCase() === found) return;
  throw new DecantError('malformed', `${what} has the SHA-256 ${found}, not ${wanted.toLowerCase()}`, {
    remedy: 'It is another file than you expect, or damaged: check the address, or download it again with --force.',
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

const incomplete = (what: string, size: number, cause?: unknown): DecantError =>
  new DecantError('malformed', `the archive at ${what} is damaged, or the server sent only ${size} bytes of it`, {
    cause,
    remedy: 'Try again later, or download it elsewhere and give the path of the file.',
  });
