import { DecantError } from '../errors.ts';
import { sizeOf, type Tensor } from './tensor.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A string tensor in OpenVINO's layout: the count as i32, then count + 1 offsets as i32 (relative to the characters, the
 * first is 0), then the characters, all little-endian. Strings are given as text (UTF-8) or bytes.
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

/** The strings of a tensor that `packStrings` or OpenVINO wrote, as views of its bytes. */
export function stringBytes({ shape, data }: Tensor): readonly Uint8Array[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = bytes.byteLength >= 4 ? view.getInt32(0, true) : -1;
  const head = 4 * (count + 2);
  if (count !== sizeOf(shape) || head > bytes.byteLength) throw new DecantError('malformed', 'a broken string tensor');
  return Array.from({ length: count }, (_, i) => {
    const start = view.getInt32(4 * (i + 1), true);
    const end = view.getInt32(4 * (i + 2), true);
    if (start < 0 || end < start || head + end > bytes.byteLength) {
      throw new DecantError('malformed', `string ${i} of a string tensor lies outside it`);
    }
    return bytes.subarray(head + start, head + end);
  });
}

/** The same as text. */
export const unpackStrings = (tensor: Tensor): readonly string[] =>
  stringBytes(tensor).map(bytes => decoder.decode(bytes));
