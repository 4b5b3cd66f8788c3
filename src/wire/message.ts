/**
 * The layout of protobuf messages, declared once as a table of fields and read from all three forms that protobuf has:
 * binary (`decodeBinary`), JSON (`decodeJson`) and text (`decodeText`).
 */
import { DecantError } from '../errors.ts';

/** What the scalar types of protobuf become. Enums stay as the file spells them: a number, or a name. */
interface ScalarValues {
  readonly string: string;
  /** A view of the file in binary form. */
  readonly bytes: Uint8Array;
  readonly bool: boolean;
  readonly int32: number;
  /** The nearest number: exact up to 2^53, and the extremes of 64 bits become powers of two. */
  readonly int64: number;
  /** A 64-bit integer, exactly. Unsigned ones above 2^63 come as the negative number with the same bits. */
  readonly bigint: bigint;
  /** An unsigned integer of four bytes: a checksum. */
  readonly fixed32: number;
  readonly float: number;
  readonly double: number;
  readonly enum: number | string;
}

export type Scalar = keyof ScalarValues;
type MessageRef = MessageType<object> | (() => MessageType<object>);
type FieldType = Scalar | MessageRef;

type ValueOf<T> = T extends Scalar
  ? ScalarValues[T]
  : T extends MessageType<infer R> | (() => MessageType<infer R>)
    ? R
    : never;

/** Where absent, `one` is the type's default and `optional` is undefined. The items of `lazy` decode when called. */
type Label = 'one' | 'optional' | 'repeated' | 'map' | 'lazy';

/** A field's place in the table; `T` is what it holds in a record. */
interface Field<T> {
  readonly number: number;
  readonly label: Label;
  readonly type: FieldType;
  /** Never present: it carries T for the compiler. */
  readonly holds?: T;
}

export type NamedField = Omit<Field<unknown>, 'holds'> & {
  /** The name in a record and in JSON. */
  readonly name: string;
  /** The name in a `.proto` file and in text form. */
  readonly protoName: string;
};

export interface MessageType<T extends object> {
  readonly name: string;
  readonly fields: readonly NamedField[];
  readonly byNumber: readonly (NamedField | undefined)[];
  /** A record with every field at its default. */
  readonly create: () => T;
}

/** The record type of a message type. */
export type RecordOf<M> = M extends MessageType<infer T> ? T : never;

/** Messages nest no deeper than this; protobuf's own readers stop at the same depth. */
export const MAX_DEPTH = 100;

/** A scalar with its default where it is absent. */
export const one = <const T extends Scalar>(number: number, type: T): Field<ScalarValues[T]> => ({
  number,
  label: 'one',
  type,
});

/** A value that may be absent: every message, and a scalar whose presence says something. */
export const optional = <const T extends FieldType>(number: number, type: T): Field<ValueOf<T> | undefined> => ({
  number,
  label: 'optional',
  type,
});

export const repeated = <const T extends FieldType>(number: number, type: T): Field<readonly ValueOf<T>[]> => ({
  number,
  label: 'repeated',
  type,
});

/** A map with text keys, in the order of the file; the last of equal keys wins. */
export const map = <const T extends FieldType>(number: number, type: T): Field<ReadonlyMap<string, ValueOf<T>>> => ({
  number,
  label: 'map',
  type,
});

/** A list of messages of which most are never looked at. */
export const lazy = <const T extends MessageRef>(number: number, type: T): Field<readonly (() => ValueOf<T>)[]> => ({
  number,
  label: 'lazy',
  type,
});

type Table = Readonly<Record<string, Field<unknown>>>;
type RecordFrom<S extends Table> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

/** A message type from its table: the record's field names to their places. */
export function message<S extends Table>(name: string, table: S): MessageType<RecordFrom<S>> {
  const fields = Object.entries(table).map(([key, { number, label, type }]) => ({
    name: key,
    protoName: key.replace(/[A-Z]/g, capital => `_${capital.toLowerCase()}`),
    number,
    label,
    type,
  }));
  const byNumber: (NamedField | undefined)[] = [];
  for (const field of fields) byNumber[field.number] = field;
  const create = () => {
    const record: Record<string, unknown> = {};
    for (const field of fields) record[field.name] = defaultOf(field);
    // The table that makes the type of the record also makes the record.
    return record as RecordFrom<S>;
  };
  return { name, fields, byNumber, create };
}

export function resolveMessage(type: FieldType): MessageType<object> {
  if (typeof type === 'string') throw new DecantError('internal', `${type} is not a message`);
  return typeof type === 'function' ? type() : type;
}

const SCALAR_DEFAULTS: ScalarValues = {
  string: '',
  bytes: new Uint8Array(0),
  bool: false,
  int32: 0,
  int64: 0,
  bigint: 0n,
  fixed32: 0,
  float: 0,
  double: 0,
  enum: 0,
};

function defaultOf({ label, type }: NamedField): unknown {
  if (label === 'optional') return undefined;
  if (label === 'map') return new Map();
  if (label === 'one' && typeof type === 'string') return SCALAR_DEFAULTS[type];
  return [];
}
