import { DecantError, within } from '../../errors.ts';
import { hasFile } from '../../source/has-file.ts';
import type { OpenFile, Source } from '../../source/source.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { readTable } from '../../wire/leveldb-table.ts';
import { message, one } from '../../wire/message.ts';
import type { TfTensor } from '../model.ts';
import { type BundleFiles, readEntry } from './bundle-entry.ts';

export interface TensorBundle {
  readonly keys: readonly string[];
  tensor(key: string): TfTensor | undefined;
}

const headerProto = message('BundleHeaderProto', { numShards: one(1, 'int32'), endianness: one(2, 'enum') });

const MAX_SHARDS = 10_000;
const MAX_INDEX_BYTES = 2 ** 28;
const MAX_SHARD_BYTES = 2 ** 32;

export const hasBundle = (source: Source, prefix: string): Promise<boolean> => hasFile(source, `${prefix}.index`);

export async function readTensorBundle(source: Source, prefix: string): Promise<TensorBundle> {
  const index = `${prefix}.index`;
  if ((await source.size(index)) > MAX_INDEX_BYTES) {
    throw new DecantError('limit', `'${index}' is larger than ${MAX_INDEX_BYTES} bytes`);
  }
  const bytes = await source.read(index);
  const { entries, numShards } = within(`reading ${index}`, () => readIndex(bytes));
  return openBundle({ entries, shards: await readShards(source, prefix, numShards) });
}

function openBundle(files: BundleFiles): TensorBundle {
  const tensors = new Map<string, TfTensor>();
  return {
    keys: [...files.entries.keys()].filter(isName).map(fromLatin1),
    tensor(key) {
      const known = tensors.get(key);
      const name = toLatin1(key);
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
  for (const [key, value] of readTable(bytes)) entries.set(latin1(key), value);
  const head = entries.get('');
  if (head === undefined) throw new DecantError('malformed', 'the checkpoint index has no header');
  entries.delete('');
  const { numShards, endianness } = decodeBinary(headerProto, head);
  if (endianness !== 0)
    throw new DecantError('unsupported', 'big-endian checkpoints are not supported', {
      remedy: 'Load the model on a little-endian machine (x86 or Arm) and save it again.',
    });
  if (!(numShards >= 1 && numShards <= MAX_SHARDS)) {
    throw new DecantError('malformed', `the checkpoint index declares ${numShards} shards`);
  }
  return { entries, numShards };
}

async function readShards(source: Source, prefix: string, count: number): Promise<readonly OpenFile[]> {
  const paths = Array.from({ length: count }, (_, i) => `${prefix}.data-${fiveDigits(i)}-of-${fiveDigits(count)}`);
  let total = 0;
  for (const path of paths) {
    if (!(await hasFile(source, path))) {
      throw new DecantError('not-found', `'${path}' is missing: '${prefix}.index' declares ${count} shards`, {
        remedy: 'Pass the whole model folder, as it was saved.',
      });
    }
    total += await source.size(path);
  }
  if (total > MAX_SHARD_BYTES) {
    throw new DecantError(
      'limit',
      `checkpoint '${prefix}' has ${total} bytes, more than the limit of ${MAX_SHARD_BYTES}`,
    );
  }
  const shards: OpenFile[] = [];
  for (const path of paths) shards.push(await source.open(path));
  return shards;
}

const fiveDigits = (n: number): string => String(n).padStart(5, '0');

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

/** Decodes Latin-1, as slice keys are not valid UTF-8. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const toLatin1 = (text: string): string => latin1(encoder.encode(text));
const fromLatin1 = (text: string): string => decoder.decode(Uint8Array.from(text, char => char.charCodeAt(0)));

const isName = (key: string): boolean => !key.startsWith('\0');
