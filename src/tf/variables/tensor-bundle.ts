import { DecantError, within } from '../../errors.ts';
import type { OpenFile, Source } from '../../source/source.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { readTable } from '../../wire/leveldb-table.ts';
import { message, one } from '../../wire/message.ts';
import type { TfTensor } from '../model.ts';
import { type BundleFiles, readEntry } from './bundle-entry.ts';
import { isThere } from './is-there.ts';

/** A checkpoint of TensorFlow 2, and of TensorFlow 1 since its version 0.12: tensors by key. */
export interface TensorBundle {
  readonly keys: readonly string[];
  /** What is wrong with a tensor is an error when it is first looked at, not here. */
  tensor(key: string): TfTensor | undefined;
}

const headerProto = message('BundleHeaderProto', { numShards: one(1, 'int32'), endianness: one(2, 'enum') });

/** More shards than any checkpoint has: each is a file that would be opened. */
const MOST_SHARDS = 10_000;
/** A line for each tensor: detectors have kilobytes of them, and the largest language models megabytes. */
const MOST_INDEX_BYTES = 2 ** 28;
/** What lies above would not fit into memory, where shards in archives come to stand. */
const MOST_SHARD_BYTES = 2 ** 32;

/** Whether a checkpoint of that name is there. */
export const hasBundle = (source: Source, prefix: string): Promise<boolean> => isThere(source, `${prefix}.index`);

/**
 * The bundle of `PREFIX.index` and `PREFIX.data-00000-of-00001`, whose tensors are read when somebody looks at them.
 * @throws DecantError `malformed`, `unsupported`, `limit`, `not-found` for a missing shard
 */
export async function readTensorBundle(source: Source, prefix: string): Promise<TensorBundle> {
  const index = `${prefix}.index`;
  if ((await source.size(index)) > MOST_INDEX_BYTES) {
    throw new DecantError('limit', `'${index}' has more than ${MOST_INDEX_BYTES} bytes`);
  }
  const bytes = await source.read(index);
  const { entries, numShards } = within(`reading ${index}`, () => readIndex(bytes));
  return openBundle({ entries, shards: await readShards(source, prefix, numShards) });
}

function openBundle(files: BundleFiles): TensorBundle {
  const tensors = new Map<string, TfTensor>();
  return {
    keys: [...files.entries.keys()].filter(isName).map(fromByteText),
    tensor(key) {
      const known = tensors.get(key);
      const name = toByteText(key);
      const entry = files.entries.get(name);
      if (known !== undefined || entry === undefined) return known;
      const tensor = lazyTensor(() => readEntry(files, name, entry, `tensor '${key}' of the checkpoint`));
      tensors.set(key, tensor);
      return tensor;
    },
  };
}

function readIndex(bytes: Uint8Array): Pick<BundleFiles, 'entries'> & { readonly numShards: number } {
  const entries = new Map<string, Uint8Array>();
  for (const [key, value] of readTable(bytes)) entries.set(byteText(key), value);
  const head = entries.get('');
  if (head === undefined) throw new DecantError('malformed', 'the index of the checkpoint has no header');
  entries.delete('');
  const { numShards, endianness } = decodeBinary(headerProto, head);
  if (endianness !== 0) throw new DecantError('unsupported', 'the checkpoint was written by a big-endian machine');
  if (!(numShards >= 1 && numShards <= MOST_SHARDS)) {
    throw new DecantError('malformed', `the index speaks of ${numShards} shards`);
  }
  return { entries, numShards };
}

async function readShards(source: Source, prefix: string, count: number): Promise<readonly OpenFile[]> {
  const paths = Array.from({ length: count }, (_, i) => `${prefix}.data-${five(i)}-of-${five(count)}`);
  let total = 0;
  for (const path of paths) {
    if (!(await isThere(source, path))) {
      throw new DecantError('not-found', `'${path}' is missing: '${prefix}.index' speaks of ${count} shards`, {
        remedy: 'Give the whole folder of the model, as it was saved.',
      });
    }
    total += await source.size(path);
  }
  if (total > MOST_SHARD_BYTES) {
    throw new DecantError('limit', `the checkpoint '${prefix}' has ${total} bytes, more than ${MOST_SHARD_BYTES}`);
  }
  const shards: OpenFile[] = [];
  for (const path of paths) shards.push(await source.open(path));
  return shards;
}

const five = (n: number): string => String(n).padStart(5, '0');

function lazyTensor(read: () => TfTensor): TfTensor {
  let tensor: TfTensor | undefined;
  const get = (): TfTensor => (tensor ??= read());
  return {
    get dtype() {
      return get().dtype;
    },
    get shape() {
      return get().shape;
    },
    data: () => get().data(),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Keys are paths in UTF-8, but those of the parts of tensors hold any bytes: one character a byte keeps them apart. */
function byteText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const toByteText = (text: string): string => byteText(encoder.encode(text));
const fromByteText = (text: string): string => decoder.decode(Uint8Array.from(text, char => char.charCodeAt(0)));

/** The keys of parts begin with a zero byte. */
const isName = (key: string): boolean => !key.startsWith('\0');
