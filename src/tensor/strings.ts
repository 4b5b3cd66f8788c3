import { DecantError } from '../errors.ts';
import { sizeOf, type Tensor } from './tensor.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Packs a string tensor in the layout of OpenVINO, little-endian: the count as i32, count + 1 offsets into the characters
 * as i32, then the characters. Text is encoded as UTF-8.
 */
export function packStrings(shape: readonly number[], strings: readonly (string | Uint8Array)[]): Tensor {
  const parts = strings.map(part => (typeof part === 'string' ? encoder.encode(part) : part));
  const head = 4 * (parts.length + 2);
  const data = new Uint8Array(head + parts.reduce((sum, part) => sum + part.byteLength, 0));
  const view = new DataView(data.buffer);
  view.setInt32(0, parts.length, true);
  let offset = 0;
  parts.forEach((part, i) => {
    view.setInt32(4 * (i + 1), offset, true);
    data.set(part, head + offset);
    offset += part.byteLength;
  });
  view.setInt32(4 * (parts.length + 1), offset, true);
  return { type: 'string', shape, data };
}

export function stringBytes({ shape, data }: Tensor): readonly Uint8Array[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = bytes.byteLength >= 4 ? view.getInt32(0, true) : -1;
  const head = 4 * (count + 2);
  if (count !== sizeOf(shape) || head > bytes.byteLength)
    throw new DecantError('malformed', 'the string tensor is corrupt: its size does not match its count');
  return Array.from({ length: count }, (_, i) => {
    const start = view.getInt32(4 * (i + 1), true);
    const end = view.getInt32(4 * (i + 2), true);
    if (start < 0 || end < start || head + end > bytes.byteLength) {
      throw new DecantError('malformed', `string ${i} is outside the bytes of its string tensor`);
    }
    return bytes.subarray(head + start, head + end);
  });
}

export const unpackStrings = (tensor: Tensor): readonly string[] =>
  stringBytes(tensor).map(bytes => decoder.decode(bytes));
