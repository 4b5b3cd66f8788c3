import { DecantError } from '../errors.ts';
import { bitsOf, type ElementType } from './element-type.ts';
import { sizeOf, type Tensor, tensorFromBytes } from './tensor.ts';

/** Supported element types by NumPy's names; `<` means little-endian. */
const TYPES: Readonly<Record<string, ElementType>> = {
  '<f8': 'f64',
  '<f4': 'f32',
  '<f2': 'f16',
  '<i8': 'i64',
  '<i4': 'i32',
  '<i2': 'i16',
  '|i1': 'i8',
  '<u8': 'u64',
  '<u4': 'u32',
  '<u2': 'u16',
  '|u1': 'u8',
  '|b1': 'boolean',
};

const MAGIC = '\x93NUMPY';

/** Reads an array in NumPy's `.npy` format, as a view of `bytes` if they are aligned. Fortran order is not supported. */
export function readNpy(bytes: Uint8Array, name: string): Tensor {
  const { header, data } = split(bytes, name);
  const field = (key: string, value: RegExp): string => {
    const found = new RegExp(`'${key}'\\s*:\\s*${value.source}`).exec(header)?.[1];
    if (found === undefined) throw new DecantError('malformed', `'${name}' has no '${key}' in its header: ${header}`);
    return found;
  };
  const descr = field('descr', /('[^']*'|\[.*\])/).replaceAll("'", '');
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (type === undefined) {
    throw new DecantError('unsupported', `'${name}': NumPy's type ${descr} is not supported`, {
      remedy: `Store numbers: ${Object.keys(TYPES).join(', ')}.`,
    });
  }
  if (field('fortran_order', /(True|False)/) === 'True') {
    throw new DecantError('unsupported', `'${name}' is in Fortran order, which is not supported`, {
      remedy: 'Store `numpy.ascontiguousarray(array)`.',
    });
  }
  const sizes = field('shape', /\(([\d\s,L]*)\)/).match(/\d+/g) ?? [];
  const shape = sizes.map(Number);
  const length = (sizeOf(shape) * bitsOf(type)) / 8;
  if (data.byteLength !== length) {
    throw new DecantError(
      'malformed',
      `'${name}' has ${data.byteLength} bytes of data, but ${descr} (${shape.join(', ')}) needs ${length}`,
    );
  }
  return tensorFromBytes(type, shape, data);
}

function split(bytes: Uint8Array, name: string): { readonly header: string; readonly data: Uint8Array } {
  const text = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  if (text(0, MAGIC.length) !== MAGIC) throw new DecantError('malformed', `'${name}' is not a NumPy array (.npy)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Version 1 stores the header length in 16 bits, later versions in 32.
  const wide = (bytes[6] ?? 0) > 1;
  const start = wide ? 12 : 10;
  const end = bytes.byteLength < start ? Infinity : start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.byteLength) throw new DecantError('malformed', `'${name}' is truncated within its header`);
  return { header: text(start, Math.min(end, start + MAX_HEADER)), data: bytes.subarray(end) };
}

/** A type and some sizes; anything longer is padding. */
const MAX_HEADER = 4096;
