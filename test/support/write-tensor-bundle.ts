import { writeFile } from 'node:fs/promises';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { bytesOf, type Tensor } from '../../src/tensor/tensor.ts';
import { maskedCrc32c } from '../../src/wire/crc32.ts';
import { proto, shapeBytes } from './proto-bytes.ts';

const DT_FLOAT = 1;
const MAGIC = 0xdb4775248b80fb57n;

/** Writes f32 tensors as a TensorFlow checkpoint: `PREFIX.index` and one shard. */
export async function writeTensorBundle(prefix: string, tensors: ReadonlyMap<string, Tensor>): Promise<void> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries: (readonly [key: string, value: Uint8Array])[] = [['', proto([1, 1], [3, proto([1, 1])])]];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [key, tensor] of sorted) {
    const bytes = bytesOf(tensor);
    const fields = proto([1, DT_FLOAT], [2, shapeBytes(...tensor.shape)], [4, offset], [5, bytes.byteLength]);
    const checksum = new BinaryWriter().tag(6, WireType.Bit32).fixed32(maskedCrc32c(bytes)).finish();
    entries.push([key, Buffer.concat([fields, checksum])]);
    parts.push(bytes);
    offset += bytes.byteLength;
  }
  await writeFile(`${prefix}.index`, table(entries));
  await writeFile(`${prefix}.data-00000-of-00001`, parts);
}

/** Encodes a LevelDB table with one block of entries, which must be sorted by key. */
function table(entries: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const data = block(entries);
  const about = block([]);
  const index = block([[entries.at(-1)![0], handle(0, data)]]);
  const footer = new Uint8Array(48);
  footer.set(handle(data.byteLength, about));
  footer.set(handle(data.byteLength + about.byteLength, index), handle(data.byteLength, about).byteLength);
  new DataView(footer.buffer).setBigUint64(40, MAGIC, true);
  return Buffer.concat([data, about, index, footer]);
}

const TRAILER_BYTES = 5;

const handle = (offset: number, { byteLength }: Uint8Array): Uint8Array =>
  new BinaryWriter()
    .uint64(offset)
    .uint64(byteLength - TRAILER_BYTES)
    .finish();

/** Encodes a block without prefix compression: every entry is a restart point. */
function block(entries: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const starts: number[] = [];
  let offset = 0;
  for (const [key, value] of entries) {
    const name = Buffer.from(key);
    const sizes = new BinaryWriter().uint32(0).uint32(name.byteLength).uint32(value.byteLength).finish();
    starts.push(offset);
    parts.push(sizes, name, value);
    offset += sizes.byteLength + name.byteLength + value.byteLength;
  }
  const restarts = new Uint32Array([...starts, starts.length]);
  const content = Buffer.concat([...parts, new Uint8Array(restarts.buffer), Uint8Array.of(0)]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(maskedCrc32c(content));
  return Buffer.concat([content, checksum]);
}
