import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { DecantError } from '../errors.ts';
import { archiveRules, brokenArchive } from './archive-rules.ts';
import { type Chunks, counted, peek, toReadableStream } from './chunks.ts';
import { type Entry, entrySource } from './memory-source.ts';
import { bytesAsText } from './read-text.ts';
import type { Source } from './source.ts';

/** The TensorFlow 2 zoo ships the weights of training beside each SavedModel: as large as its own, without a graph. */
const CHECKPOINT_FILE = /(?:^|\/)checkpoint\/[^/]+$/;
const TAR_MAGIC_AT = 257;

/**
 * The files of a tar archive, plain or compressed with gzip, straight from its bytes: each is kept once, in memory.
 * Links and the files of training checkpoints are listed and cannot be read.
 * @param gunzip the platform's
 * @throws DecantError `malformed` for what is no whole archive or has names that leave it, `limit`
 */
export async function tarSource(name: string, chunks: Chunks, gunzip: (packed: Chunks) => Chunks): Promise<Source> {
  const rules = archiveRules(name);
  const entries = new Map<string, Entry>();
  let packed = 0;
  let unpacked = 0;
  const leaving = new AbortController();
  try {
    const [head, whole] = await peek(
      counted(chunks, size => (packed += size)),
      2,
    );
    const tar = counted(isGzip(head) ? gunzip(whole) : whole, size => {
      unpacked += size;
      rules.checkRatio(packed, unpacked);
    });
    const decoder = createTarDecoder({ strict: true });
    for await (const entry of toReadableStream(tar).pipeThrough(decoder, { signal: leaving.signal })) {
      if (entry.header.type === 'directory') await entry.body.cancel();
      else {
        const path = rules.admit(entry.header.name, entry.header.size);
        entries.set(path, await readEntry(path, entry));
      }
    }
  } catch (thrown) {
    throw brokenArchive(name, 'tar', thrown);
  } finally {
    // Left alone, the decoder would go on taking in an archive that was refused, and hold the file open.
    leaving.abort();
  }
  return entrySource(name, entries);
}

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

export const isTar = (head: Uint8Array): boolean =>
  bytesAsText(head.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + 5)) === 'ustar';

async function readEntry(path: string, { header, body }: ParsedTarEntry): Promise<Entry> {
  const why = whyDropped(path, header.type);
  if (why !== undefined) {
    await body.cancel();
    return withheld(path, header.size, why);
  }
  const bytes = new Uint8Array(header.size);
  let filled = 0;
  for await (const chunk of body) {
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return { size: header.size, bytes: () => bytes };
}

function whyDropped(path: string, type: string | undefined): string | undefined {
  if (type !== 'file') return `it is a ${type ?? 'special file'}, not a file`;
  return CHECKPOINT_FILE.test(path) ? 'it belongs to a training checkpoint, which holds no graph' : undefined;
}

const withheld = (path: string, size: number, why: string): Entry => ({
  size,
  bytes: () => {
    throw new DecantError('unsupported', `'${path}' was left in the archive: ${why}`, {
      remedy: 'Unpack the archive and give the file or folder itself.',
    });
  },
});
