import { DecantError, within } from '../errors.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';
import { between, boundsOf, type Dim, freshDim, type Shape } from '../tensor/dim.ts';

export interface Codec<T, Optional extends boolean = boolean> {
  readonly optional: Optional;
  readonly fallback?: T;
  write(value: T): string;
  read(text: string): T;
}

export type Codecs = Readonly<Record<string, Codec<unknown>>>;

type Value<C> = C extends Codec<infer T> ? T : never;

export type AttributesOf<C> = { readonly [K in keyof C]: Value<C[K]> };

export type AttributesInput<C> = {
  readonly [K in keyof C as C[K] extends Codec<unknown, false> ? K : never]: Value<C[K]>;
} & {
  readonly [K in keyof C as C[K] extends Codec<unknown, false> ? never : K]?: Value<C[K]>;
};

export interface Make<T> {
  (): Codec<T, false>;
  (fallback: T): Codec<T, true>;
}

function codec<T>(write: (value: T) => string, read: (text: string) => T): Make<T> {
  function make(): Codec<T, false>;
  function make(fallback: T): Codec<T, true>;
  function make(fallback?: T): Codec<T> {
    return fallback === undefined ? { optional: false, write, read } : { optional: true, fallback, write, read };
  }
  return make;
}

const numberFrom = (text: string): number => {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'inf' || trimmed === '+inf') return Infinity;
  if (trimmed === '-inf') return -Infinity;
  if (trimmed === 'nan') return NaN;
  const value = Number(trimmed);
  if (trimmed === '' || Number.isNaN(value)) throw new DecantError('malformed', `'${text}' is not a number`);
  return value;
};

/** OpenVINO spells non-finite numbers `inf`, `-inf` and `nan`. */
const numberText = (value: number): string => String(value).toLowerCase().replace('infinity', 'inf');

const numbersFrom = (text: string): readonly number[] =>
  text.trim() === '' ? [] : text.split(',').map(part => numberFrom(part));

const booleanFrom = (text: string): boolean => {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'true' || trimmed === '1') return true;
  if (trimmed === 'false' || trimmed === '0') return false;
  throw new DecantError('malformed', `'${text}' is not a boolean`);
};

export const number = codec<number>(numberText, numberFrom);
export const numbers = codec<readonly number[]>(values => values.map(numberText).join(', '), numbersFrom);
export const boolean = codec<boolean>(String, booleanFrom);
export const text = codec<string>(String, String);

export const mask = codec<readonly boolean[]>(
  values => values.map(value => (value ? '1' : '0')).join(', '),
  list => numbersFrom(list).map(value => value !== 0),
);

export const elementType = codec<ElementType>(String, name => {
  const lower = name.toLowerCase();
  if (!isElementType(lower)) throw new DecantError('malformed', `'${name}' is not an OpenVINO element type`);
  return lower;
});

export function word<const W extends string>(words: readonly W[]): Make<W> {
  return codec<W>(String, given => {
    const match = words.find(candidate => candidate.toLowerCase() === given.toLowerCase());
    if (match === undefined) throw new DecantError('malformed', `'${given}' is not one of ${words.join(', ')}`);
    return match;
  });
}

/** Shape of a Parameter: `1,?,1..640,3`. */
export const shape = codec<Shape>(
  dims => dims.map(dim => (typeof dim === 'number' ? String(dim) : (boundsOf(dim) ?? '?'))).join(','),
  dims => {
    const inside = dims.replace(/^\s*\[|\]\s*$/g, '').trim();
    return inside === '' ? [] : inside.split(',').map(dim => dimFrom(dim.trim()));
  },
);

function dimFrom(dim: string): Dim {
  if (/^\d+$/.test(dim)) return Number(dim);
  if (dim === '?' || dim === '-1') return freshDim();
  const [, min, max] = /^(\d*)\.\.(\d*)$/.exec(dim) ?? [];
  if (min !== undefined && max !== undefined) {
    return between(freshDim().key, Number(min), max === '' ? Infinity : Number(max));
  }
  if (dim === '...')
    throw new DecantError('unsupported', 'a parameter of dynamic rank is not supported', {
      remedy: 'Give the input a fixed number of axes when the IR is written.',
    });
  throw new DecantError('malformed', `'${dim}' is not a dimension`);
}

const keys = new WeakMap<object, string>();

/** Text that equals that of nodes of the same op with equal attributes. */
export function attributeKey({
  op,
  attrs,
}: {
  readonly op: { readonly attributes: Codecs };
  readonly attrs: Readonly<Record<string, unknown>>;
}): string {
  let key = keys.get(attrs);
  if (key === undefined) {
    key = JSON.stringify(Object.entries(op.attributes).map(([name, codec]) => codec.write(attrs[name])));
    // Nodes that are rebuilt keep their attributes.
    keys.set(attrs, key);
  }
  return key;
}

export function readAttributes<C extends Codecs>(codecs: C, texts: Readonly<Record<string, string>>): AttributesOf<C> {
  const attrs: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(codecs)) {
    const given = texts[name];
    if (given === undefined && !codec.optional) throw new DecantError('malformed', `attribute '${name}' is missing`);
    attrs[name] = given === undefined ? codec.fallback : within(`attribute '${name}'`, () => codec.read(given));
  }
  return attrs as AttributesOf<C>;
}
