import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Unzip, type UnzipFile, UnzipInflate } from 'fflate';
import { DecantError } from '../errors.ts';

export interface UnpackOptions {
  readonly wheel: string;
  /** Created where it is missing. */
  readonly folder: string;
  /** Bytes of the wheel that are read, and all of them. */
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** The shared libraries, and the licences that they come under. The rest of a wheel is Python's. */
const WANTED = /^openvino\/libs\/[^/\\]+$|^[^/\\]+\.dist-info\/licenses\/[^\\]+$/;

/** Bytes of the wheel unpacked in one go; the program does other things in between. */
const CHUNK = 1 << 18;

/**
 * Unpacks the shared libraries of OpenVINO's wheel without holding more than a chunk of it. Checksums are left to pip,
 * which has compared the whole file's.
 *
 * @throws DecantError `malformed` for a wheel that is broken or cut short, `cancelled`
 */
export async function unpackWheel({ wheel, folder, onProgress, signal }: UnpackOptions): Promise<void> {
  const { size } = await stat(wheel);
  const open = new Set<number>();
  let entries = 0;
  const unzip = new Unzip(file => {
    entries++;
    // An entry that is not started is passed over.
    if (isWanted(file.name)) unpackEntry(file, join(folder, file.name), open);
  });
  unzip.register(UnzipInflate);
  try {
    let done = 0;
    for await (const chunk of createReadStream(wheel, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      if (signal?.aborted === true) throw new DecantError('cancelled', 'the setup of OpenVINO was cancelled');
      done += chunk.byteLength;
      unzip.push(chunk, done === size);
      onProgress(done, size);
    }
    if (entries === 0) throw broken('it is no zip archive');
    if (open.size > 0) throw broken('it is cut short');
  } catch (thrown) {
    throw isZipError(thrown) ? broken(thrown.message) : thrown;
  } finally {
    open.forEach(descriptor => closeSync(descriptor));
  }
}

const isWanted = (name: string): boolean => WANTED.test(name) && !name.split('/').includes('..');

/** Only errors of the unpacker have numbers as codes. */
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
    if (written !== (file.originalSize ?? written)) throw broken(`${file.name} is incomplete`);
  };
  file.start();
}

const broken = (why: string): DecantError =>
  new DecantError('malformed', `the wheel of OpenVINO is broken: ${why}`, { remedy: 'Run `decant setup` again.' });
