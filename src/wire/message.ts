import { DecantError } from '../errors.ts';

/** Enums are numbers or names, as in the file. `int64` is rounded beyond 2^53, `bigint` is exact and read as signed. */
interface ScalarValues {
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly bool: boolean;
  readonly int32: number;
  readonly int64: number;
  readonly bigint: bigint;
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

/** If absent, `one` is the default of its type and `optional` is undefined. The items of `lazy` decode when called. */
type Label = 'one' | 'optional' | 'repeated' | 'map' | 'lazy';

interface Field<T> {
  readonly number: number;
  readonly label: Label;
  readonly type: FieldType;
  readonly holds?: T;
}

export type NamedField = Omit<Field<unknown>, 'holds'> & {
  readonly name: string;
  readonly protoName: string;
};

export interface MessageType<T extends object> {
  readonly name: string;
  readonly fields: readonly NamedField[];
  readonly byNumber: readonly (NamedField | undefined)[];
  readonly create: () => T;
}

export type RecordOf<M> = M extends MessageType<infer T> ? T : never;

export const MAX_DEPTH = 100;

export const one = <const T extends Scalar>(number: number, type: T): Field<ScalarValues[T]> => ({
  number,
  label: 'one',
  type,
});

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

export const map = <const T extends FieldType>(number: number, type: T): Field<ReadonlyMap<string, ValueOf<T>>> => ({
  number,
  label: 'map',
  type,
});

export const lazy = <const T extends MessageRef>(number: number, type: T): Field<() => readonly ValueOf<T>[]> => ({
  number,
  label: 'lazy',
  type,
});

type Table = Readonly<Record<string, Field<unknown>>>;
type RecordFrom<S extends Table> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

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

/** The items of a `lazy` field that is absent. */
export const NONE = (): readonly unknown[] => [];

function defaultOf({ label, type }: NamedField): unknown {
  if (label === 'optional') return undefined;
  if (label === 'map') return new Map();
  if (label === 'lazy') return NONE;
  if (label === 'one' && typeof type === 'string') return SCALAR_DEFAULTS[type];
  return [];
}
