import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { DecantError } from '../errors.ts';
import { isGzip } from './archive-kind.ts';
import { archiveRules, brokenArchive } from './archive-rules.ts';
import { type Chunks, counted, peek, toReadableStream } from './chunks.ts';
import { type Entry, entrySource } from './memory-source.ts';
import type { Source } from './source.ts';

/** Training checkpoints in TensorFlow 2 zoo archives: as large as the SavedModel, and without a graph. */
const CHECKPOINT_FILE = /(?:^|\/)checkpoint\/[^/]+$/;

/** Links and training checkpoints are listed but not readable. */
export async function tarSource(name: string, chunks: Chunks, gunzip: (packed: Chunks) => Chunks): Promise<Source> {
  const rules = archiveRules(name);
  const entries = new Map<string, Entry>();
  let packed = 0;
  let unpacked = 0;
  const abort = new AbortController();
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
    for await (const entry of toReadableStream(tar).pipeThrough(decoder, { signal: abort.signal })) {
      if (entry.header.type === 'directory') await entry.body.cancel();
      else {
        const path = rules.admit(entry.header.name, entry.header.size);
        entries.set(path, await readEntry(path, entry));
      }
    }
  } catch (thrown) {
    throw brokenArchive(name, 'tar', thrown);
  } finally {
    // Otherwise the decoder keeps reading a rejected archive, and holds the file open.
    abort.abort();
  }
  return entrySource(name, entries);
}

async function readEntry(path: string, { header, body }: ParsedTarEntry): Promise<Entry> {
  const reason = skipReason(path, header.type);
  if (reason !== undefined) {
    await body.cancel();
    return unreadable(path, header.size, reason);
  }
  const bytes = new Uint8Array(header.size);
  let filled = 0;
  for await (const chunk of body) {
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return { size: header.size, bytes: () => bytes };
}

function skipReason(path: string, type: string | undefined): string | undefined {
  if (type !== 'file') return `it is a ${type ?? 'special file'}, not a file`;
  return CHECKPOINT_FILE.test(path) ? 'it belongs to a training checkpoint, which holds no graph' : undefined;
}

const unreadable = (path: string, size: number, reason: string): Entry => ({
  size,
  bytes: () => {
    throw new DecantError('unsupported', `'${path}' was not read from the archive: ${reason}`, {
      remedy: 'Unpack the archive and pass the file or folder itself.',
    });
  },
});
