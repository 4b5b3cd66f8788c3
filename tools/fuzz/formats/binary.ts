import { crc32 } from 'node:zlib';
import { bytes, list, numeric, type Tree } from '../tree.ts';

/** Bytes of a number by form. */
const WIDTHS: Readonly<Record<string, number>> = { u8: 1, u16be: 2, u16le: 2, u32be: 4, u32le: 4 };

/** Cuts bytes into fields: a form of a number, a count of bytes, or `rest`. */
export function fieldsOf(
  data: Uint8Array,
  fields: readonly (readonly [label: string, form: string | number])[],
): Tree[] {
  let at = 0;
  const parts: Tree[] = [];
  for (const [label, form] of fields) {
    const width = typeof form === 'number' ? form : (WIDTHS[form] ?? data.byteLength - at);
    const content = data.subarray(at, at + width);
    at += width;
    parts.push(
      typeof form === 'string' && form in WIDTHS
        ? numeric(label, form, read(content, form))
        : bytes(label, 'bytes', content),
    );
  }
  return parts;
}

const read = (content: Uint8Array, form: string): number =>
  (form.endsWith('le') ? content.toReversed() : content).reduce((value, byte) => value * 256 + byte, 0);

function write(value: number | bigint, form: string): Uint8Array {
  const width = WIDTHS[form] ?? 4;
  const whole = Number.isFinite(Number(value)) ? BigInt(Math.trunc(Number(value))) : 0n;
  const big = Uint8Array.from({ length: width }, (_, i) =>
    Number(BigInt.asUintN(8, whole >> BigInt(8 * (width - 1 - i)))),
  );
  return form.endsWith('le') ? big.toReversed() : big;
}

/** Writes fields and chunks; lengths and checksums of chunks are right. */
export function printBinary(tree: Tree): Uint8Array {
  switch (tree.kind) {
    case 'number':
      return write(tree.value, tree.form);
    case 'text':
      return Buffer.from(tree.value);
    case 'bytes':
      return tree.value;
    case 'list': {
      const content = Buffer.concat(tree.items.map(printBinary));
      const tag = Buffer.from(tree.label, 'latin1');
      const size = content.byteLength;
      if (tree.form === 'png') {
        const checksum = crc32(Buffer.concat([tag, content]));
        return Buffer.concat([write(size, 'u32be'), tag, content, write(checksum, 'u32be')]);
      }
      if (tree.form === 'riff') return Buffer.concat([tag, write(size, 'u32le'), content, Buffer.alloc(size & 1)]);
      if (tree.form === 'box') return Buffer.concat([write(size + 8, 'u32be'), tag, content]);
      if (tree.form === 'segment') return Buffer.concat([tag, write(size + 2, 'u16be'), content]);
      if (tree.form === 'block') return Buffer.concat([tag, Uint8Array.of(size), content]);
      return content;
    }
  }
}

export const chunk = (label: string, form: string, content: readonly Tree[] | Uint8Array): Tree =>
  list(label, form, content instanceof Uint8Array ? [bytes(label, 'bytes', content)] : content);
