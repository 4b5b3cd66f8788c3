import { crc32, deflateRawSync } from 'node:zlib';
import { bytes, list, numeric, text, type Tree } from '../tree.ts';

const BLOCK = 512;
const FILE = '0';

/** The numbers are added to what the archive says about an entry, and are 0 until mutated. */
export const archiveOf = (files: ReadonlyMap<string, Uint8Array>): Tree =>
  list(
    'archive',
    'archive',
    [...files].map(([path, content]) =>
      list('entry', 'entry', [
        text('name', 'text', path),
        text('type', 'text', FILE),
        text('link', 'text', ''),
        bytes('body', 'bytes', content),
        numeric('size', 'number', 0),
        numeric('packed', 'number', 0),
        numeric('offset', 'number', 0),
        numeric('flags', 'number', 0),
        numeric('method', 'number', 0),
      ]),
    ),
  );

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly link: string;
  readonly body: Uint8Array;
  readonly extra: (label: string) => number;
}

const entriesOf = (tree: Tree): readonly Entry[] =>
  (tree.kind === 'list' ? tree.items : []).map(entry => {
    const find = (label: string): Tree | undefined =>
      entry.kind === 'list' ? entry.items.find(item => item.label === label) : undefined;
    const textAt = (label: string): string => {
      const found = find(label);
      return found?.kind === 'text' ? found.value : '';
    };
    const body = find('body');
    return {
      name: textAt('name'),
      type: textAt('type'),
      link: textAt('link'),
      body: body?.kind === 'bytes' ? body.value : Buffer.from(textAt('body')),
      extra: label => {
        const found = find(label);
        return found?.kind === 'number' && Number.isFinite(Number(found.value)) ? Math.trunc(Number(found.value)) : 0;
      },
    };
  });

/** Writes a tar archive with the right checksums. */
export function printTar(tree: Tree): Uint8Array {
  const parts = entriesOf(tree).flatMap(({ name, type, link, body, extra }) => {
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, at: number, length: number): void => {
      const digits = Math.max(0, value)
        .toString(8)
        .padStart(length - 1, '0');
      // A size that does not fit is written in base 256.
      if (digits.length < length) header.write(digits, at);
      else header.writeBigUInt64BE((1n << 63n) | BigInt.asUintN(63, BigInt(value)), at + length - 8);
    };
    header.write(name, 0, 100);
    octal(0o644, 100, 8);
    octal(body.byteLength + extra('size'), 124, 12);
    octal(extra('offset'), 136, 12);
    header.fill(' ', 148, 156);
    header.write(type.slice(0, 1), 156);
    header.write(link, 157, 100);
    header.write('ustar\x0000', 257);
    header.write(name.slice(100), 345, 155);
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      148,
      8,
    );
    return [header, body, Buffer.alloc(-body.byteLength & (BLOCK - 1))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** Writes a zip archive with the right checksums. */
export function printZip(tree: Tree): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [i, { name, link, body, extra }] of entriesOf(tree).entries()) {
    const stored = i % 2 === 0;
    const packed = stored ? body : deflateRawSync(body);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(extra('flags') & 0xffff, 2);
    about.writeUInt16LE(((stored ? 0 : 8) + extra('method')) & 0xffff, 4);
    about.writeUInt32LE(crc32(body), 10);
    about.writeUInt32LE((packed.byteLength + extra('packed')) >>> 0, 14);
    about.writeUInt32LE((body.byteLength + extra('size')) >>> 0, 18);
    about.writeUInt16LE(Buffer.byteLength(name) & 0xffff, 22);
    about.writeUInt16LE(Buffer.byteLength(link) & 0xffff, 24);
    const names = Buffer.from(name + link);
    const end = Buffer.alloc(14);
    end.writeUInt32LE((offset + extra('offset')) >>> 0, 10);
    parts.push(Buffer.from('PK\x03\x04'), about, names, packed);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), about, end, names);
    offset += 4 + about.byteLength + names.byteLength + packed.byteLength;
  }
  const listing = Buffer.concat(directory);
  const tail = Buffer.alloc(18);
  tail.writeUInt16LE((directory.length / 4) & 0xffff, 4);
  tail.writeUInt16LE((directory.length / 4) & 0xffff, 6);
  tail.writeUInt32LE(listing.byteLength, 8);
  tail.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listing, Buffer.from('PK\x05\x06'), tail]);
}
