import { DecantError, within } from '../errors.ts';
import { type ElementType, isElementType } from '../tensor/element-type.ts';
import { between, boundsOf, type Dim, freshDim, type Shape } from '../tensor/dim.ts';

/**
 * How one attribute of an op stands in an IR's `<data>`: text both ways, and the value that a missing one means.
 * The table of an op's codecs is also where the type of its attributes comes from.
 */
export interface Codec<T, Optional extends boolean = boolean> {
  readonly optional: Optional;
  readonly fallback?: T;
  write(value: T): string;
  read(text: string): T;
}

export type Codecs = Readonly<Record<string, Codec<unknown>>>;

type Value<C> = C extends Codec<infer T> ? T : never;

/** The complete attributes of an op. */
export type AttributesOf<C> = { readonly [K in keyof C]: Value<C[K]> };

/** What a caller gives: attributes with a fallback may be left out. */
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

/** OpenVINO's parser knows `inf` and `nan`, not JavaScript's spellings. */
const numberText = (value: number): string =>
  Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value);

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

/** A list of 0 and 1, as StridedSlice spells its masks. */
export const mask = codec<readonly boolean[]>(
  values => values.map(value => (value ? '1' : '0')).join(', '),
  list => numbersFrom(list).map(value => value !== 0),
);

export const elementType = codec<ElementType>(String, name => {
  const lower = name.toLowerCase();
  if (!isElementType(lower)) throw new DecantError('malformed', `'${name}' is not an element type of OpenVINO`);
  return lower;
});

/** One word out of a few. */
export function word<const W extends string>(words: readonly W[]): Make<W> {
  return codec<W>(String, given => {
    const found = words.find(candidate => candidate.toLowerCase() === given.toLowerCase());
    if (found === undefined) throw new DecantError('malformed', `'${given}' is none of ${words.join(', ')}`);
    return found;
  });
}

/** A Parameter's shape: `1,?,1..640,3`. */
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
  if (dim === '...') throw new DecantError('unsupported', 'a parameter of any number of dimensions');
  throw new DecantError('malformed', `'${dim}' is not a size`);
}

/** The attributes of an op as their texts say. @throws DecantError `malformed` where one is missing or cannot be read */
export function readAttributes<C extends Codecs>(codecs: C, texts: Readonly<Record<string, string>>): AttributesOf<C> {
  const attrs: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(codecs)) {
    const given = texts[name];
    if (given === undefined && !codec.optional) throw new DecantError('malformed', `attribute '${name}' is missing`);
    attrs[name] = given === undefined ? codec.fallback : within(`attribute '${name}'`, () => codec.read(given));
  }
  return attrs as AttributesOf<C>;
}
