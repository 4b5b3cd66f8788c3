import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { guardFile } from './exit-cleanup.ts';
import { makeFolder } from './make-folder.ts';
import { newToken, ownerIn, TOKEN } from './process-token.ts';
import { type Target, targetAt } from './target-path.ts';
import { writeAll } from './write-all.ts';

/**
 * A file that is written under a temporary name and replaces the one at its path when it is complete. It is removed if the
 * process ends before. Links are followed, and a device or pipe receives the bytes.
 */
export class PendingFile {
  /** Path to write to until then: an empty file. */
  readonly part: string;
  readonly #target: Target;
  readonly #release: () => void;

  private constructor(part: string, target: Target) {
    this.part = part;
    this.#target = target;
    this.#release = guardFile(part);
  }

  /** Creates missing folders, and removes what processes that were killed left in the folder. */
  static async create(path: string): Promise<PendingFile> {
    const target = await targetAt(path);
    const folder = target.isStream ? tmpdir() : dirname(target.path);
    await makeFolder(folder);
    await removeLeftovers(folder);
    const part = join(folder, `.${shortened(basename(target.path))}.${newToken()}.part`);
    const file = new PendingFile(part, target);
    // Synchronous: a thread could create the file just after an interruption has removed unfinished files.
    closeSync(openSync(part, 'wx'));
    return file;
  }

  async place(): Promise<void> {
    if (this.#target.isStream) {
      await copyInto(this.#target.path, this.part);
      await rm(this.part);
    } else {
      await rename(this.part, this.#target.path);
    }
    this.#release();
  }

  async discard(): Promise<void> {
    await rm(this.part, { force: true });
    this.#release();
  }
}

/** File systems allow 255 bytes, which the token and an ending must fit into. */
const MAX_NAME_BYTES = 160;

function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > MAX_NAME_BYTES) short = short.slice(0, -1);
  return short;
}

const LEFTOVER = new RegExp(`^\\..*\\.${TOKEN.source}\\.part$`, 's');

const swept = new Set<string>();

/** Once per folder and process: folders of results may be large. */
async function removeLeftovers(folder: string): Promise<void> {
  const path = resolve(folder);
  if (swept.has(path)) return;
  swept.add(path);
  for (const name of await readdir(path).catch(() => [])) {
    if (LEFTOVER.test(name) && ownerIn(name) === 'dead') await rm(join(path, name), { force: true });
  }
}

/** Appends, because other programs may have written to the same file before. */
async function copyInto(path: string, part: string): Promise<void> {
  const bytes = createReadStream(part) as AsyncIterable<Uint8Array>;
  const stream = standardStream(path);
  if (stream !== undefined) {
    for await (const chunk of bytes) await new Promise<void>(done => void stream.write(chunk, () => done()));
    return;
  }
  await using file = await open(path, constants.O_WRONLY | constants.O_APPEND);
  for await (const chunk of bytes) await writeAll(file, chunk);
}

/** The streams of this process cannot be opened by path if they are sockets. */
function standardStream(path: string): NodeJS.WriteStream | undefined {
  if (/^\/dev\/stdout$|\/fd\/1$/.test(path)) return process.stdout;
  return /^\/dev\/stderr$|\/fd\/2$/.test(path) ? process.stderr : undefined;
}
