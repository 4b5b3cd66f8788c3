import { DecantError, within } from '../errors.ts';

/** 64-bit integers are rounded beyond 2^53. */
const SCALARS = {
  bool: { width: 1, read: (view: DataView, at: number) => view.getUint8(at) },
  int8: { width: 1, read: (view: DataView, at: number) => view.getInt8(at) },
  uint8: { width: 1, read: (view: DataView, at: number) => view.getUint8(at) },
  uint16: { width: 2, read: (view: DataView, at: number) => view.getUint16(at, true) },
  int32: { width: 4, read: (view: DataView, at: number) => view.getInt32(at, true) },
  uint32: { width: 4, read: (view: DataView, at: number) => view.getUint32(at, true) },
  float: { width: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
  int64: { width: 8, read: (view: DataView, at: number) => Number(view.getBigInt64(at, true)) },
  uint64: { width: 8, read: (view: DataView, at: number) => Number(view.getBigUint64(at, true)) },
} as const;

export type Scalar = keyof typeof SCALARS;

/** A field by its id, its place in the schema's table; of a union, the place of its value. */
export interface Field<T> {
  readonly id: number;
  read(file: Flatbuffer, at: number | undefined): T;
}

type Fields = Readonly<Record<string, Field<unknown>>>;
export type RecordFrom<S extends Fields> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

export interface TableType<T extends object> {
  readonly name: string;
  readonly fields: Fields;
  readonly holds?: T;
}

export type RecordOf<M> = M extends TableType<infer T> ? T : never;

/** A table that is decoded once its type is known. */
export interface TableRef {
  decode<T extends object>(type: TableType<T>): T;
}

export const table = <const S extends Fields>(name: string, fields: S): TableType<RecordFrom<S>> => ({ name, fields });

/** A number, or `fallback` if absent. */
export const scalar = (id: number, type: Scalar, fallback = 0): Field<number> => ({
  id,
  read: (file, at) => (at === undefined ? fallback : file.scalar(type, at)),
});

export const flag = (id: number): Field<boolean> => ({
  id,
  read: (file, at) => at !== undefined && file.scalar('bool', at) !== 0,
});

export const text = (id: number): Field<string> => ({
  id,
  read: (file, at) => (at === undefined ? '' : file.text(file.target(at))),
});

/** A vector of bytes, as a view. */
export const bytes = (id: number): Field<Uint8Array | undefined> => ({
  id,
  read: (file, at) => (at === undefined ? undefined : file.bytes(file.target(at))),
});

export const numbers = (id: number, type: Scalar): Field<readonly number[] | undefined> => ({
  id,
  read: (file, at) => (at === undefined ? undefined : file.numbers(type, file.target(at))),
});

export const child = <T extends object>(id: number, type: TableType<T>): Field<T | undefined> => ({
  id,
  read: (file, at) => (at === undefined ? undefined : file.table(type, file.target(at))),
});

export const children = <T extends object>(id: number, type: TableType<T>): Field<readonly T[]> => ({
  id,
  read: (file, at) => (at === undefined ? [] : file.targets(file.target(at)).map(each => file.table(type, each))),
});

export const reference = (id: number): Field<TableRef | undefined> => ({
  id,
  read: (file, at) => {
    const target = at === undefined ? undefined : file.target(at);
    return target === undefined ? undefined : { decode: type => file.table(type, target) };
  },
});

/** Decodes the root table. Byte vectors are views of `content`; unknown fields are skipped. */
export function decodeFlatbuffer<T extends object>(type: TableType<T>, content: Uint8Array): T {
  const file = new Flatbuffer(content);
  return file.table(type, file.target(0));
}

/** Returns a table without fields: all have their defaults. */
export const defaultsOf = <T extends object>(type: TableType<T>): T =>
  decodeFlatbuffer(type, Uint8Array.of(8, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0));

/** Of a file, items that are read beyond one per byte: tables and vectors may be shared, and so multiply. */
const MIN_ITEMS = 2 ** 16;

const decoder = new TextDecoder();

class Flatbuffer {
  readonly #content: Uint8Array;
  readonly #view: DataView;
  #items: number;

  constructor(content: Uint8Array) {
    this.#content = content;
    this.#view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    this.#items = Math.max(content.byteLength, MIN_ITEMS);
  }

  table<T extends object>({ name, fields }: TableType<T>, at: number): T {
    this.#count(1);
    const vtable = at - this.scalar('int32', at);
    const size = this.scalar('uint16', vtable);
    const record: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(fields)) {
      const slot = 4 + 2 * field.id;
      const offset = slot + 2 > size ? 0 : this.scalar('uint16', vtable + slot);
      record[key] = within(`${name}.${key}`, () => field.read(this, offset === 0 ? undefined : at + offset));
    }
    return record as T;
  }

  scalar(type: Scalar, at: number): number {
    const { width, read } = SCALARS[type];
    this.#check(at, width);
    return read(this.#view, at);
  }

  /** The position that an offset refers to. */
  target(at: number): number {
    return at + this.scalar('uint32', at);
  }

  targets(vector: number): readonly number[] {
    const first = vector + 4;
    return Array.from({ length: this.#length(vector, 4) }, (_, i) => this.target(first + 4 * i));
  }

  numbers(type: Scalar, vector: number): readonly number[] {
    const { width } = SCALARS[type];
    return Array.from({ length: this.#length(vector, width) }, (_, i) => this.scalar(type, vector + 4 + width * i));
  }

  bytes(vector: number): Uint8Array {
    const length = this.scalar('uint32', vector);
    this.#check(vector + 4, length);
    return this.#content.subarray(vector + 4, vector + 4 + length);
  }

  text(vector: number): string {
    const content = this.bytes(vector);
    this.#count(content.byteLength);
    return decoder.decode(content);
  }

  #length(vector: number, width: number): number {
    const length = this.scalar('uint32', vector);
    this.#check(vector + 4, length * width);
    this.#count(length);
    return length;
  }

  #check(at: number, length: number): void {
    if (at >= 0 && at + length <= this.#content.byteLength) return;
    throw new DecantError('malformed', `${length} bytes at ${at} are outside the ${this.#content.byteLength} bytes`, {
      remedy: 'Download the file again: it is truncated or corrupt.',
    });
  }

  #count(items: number): void {
    this.#items -= items;
    if (this.#items < 0) throw new DecantError('limit', 'the file refers to the same tables too many times');
  }
}
