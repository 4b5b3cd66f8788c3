import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Unzip, type UnzipFile, UnzipInflate } from 'fflate';
import { DecantError } from '../errors.ts';

export interface UnpackOptions {
  readonly wheel: string;
  readonly folder: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

const WANTED = /^openvino\/libs\/[^/\\]+$|^[^/\\]+\.dist-info\/licenses\/[^\\]+$/;

/** Bytes of the wheel unpacked at a time; the event loop runs in between. */
const CHUNK = 1 << 18;

/** Does not compare checksums: the hash of the whole wheel was checked, or the user chose the file. */
export async function unpackWheel({ wheel, folder, onProgress, signal }: UnpackOptions): Promise<void> {
  const { size } = await stat(wheel);
  const open = new Set<number>();
  let entries = 0;
  const unzip = new Unzip(file => {
    entries++;
    if (isWanted(file.name)) unpackEntry(file, join(folder, file.name), open);
  });
  unzip.register(UnzipInflate);
  try {
    let done = 0;
    for await (const chunk of createReadStream(wheel, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      if (signal?.aborted === true) throw new DecantError('cancelled', 'setting up OpenVINO was cancelled');
      done += chunk.byteLength;
      unzip.push(chunk, done === size);
      onProgress(done, size);
    }
    if (entries === 0) throw corrupt('it is not a zip archive');
    if (open.size > 0) throw corrupt('it is truncated');
  } catch (thrown) {
    throw isZipError(thrown) ? corrupt(thrown.message) : thrown;
  } finally {
    open.forEach(descriptor => closeSync(descriptor));
  }
}

const isWanted = (name: string): boolean => WANTED.test(name) && !name.split('/').includes('..');

/** fflate's errors have numeric codes, Node's have strings. */
const isZipError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number';

function unpackEntry(file: UnzipFile, path: string, open: Set<number>): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'w');
  open.add(descriptor);
  let written = 0;
  file.ondata = (error, chunk, final) => {
    if (error instanceof Error) throw error;
    for (let at = 0; at < chunk.byteLength;) at += writeSync(descriptor, chunk, at);
    written += chunk.byteLength;
    if (!final) return;
    closeSync(descriptor);
    open.delete(descriptor);
    if (written !== (file.originalSize ?? written)) throw corrupt(`${file.name} is incomplete`);
  };
  file.start();
}

const corrupt = (why: string): DecantError =>
  new DecantError('malformed', `the OpenVINO wheel is corrupt: ${why}`, { remedy: 'Run `decant setup` again.' });
