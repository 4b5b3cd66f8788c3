import { DecantError } from '../errors.ts';

/** A value to freeze an input to: a number, boolean or string, or nested lists of one kind. */
export type FrozenValue = boolean | number | string | readonly FrozenValue[];

/** OpenVINO's devices support 8 dimensions. */
const MAX_DEPTH = 8;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const WORDS: ReadonlyMap<string, boolean | number> = new Map<string, boolean | number>([
  ...([['true', true], ['false', false]] as const), // prettier-ignore
  ...([['inf', Infinity], ['-inf', -Infinity], ['nan', NaN]] as const), // prettier-ignore
]);

/** Parses inputs to freeze: `phase_train=false,sizes=[1,2]`. Text may be in quotes. */
export function parseFrozenValues(text: string): ReadonlyMap<string, FrozenValue> {
  const values = new Map<string, FrozenValue>();
  let at = 0;
  const next = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found?.[1];
  };
  const value = (depth: number): FrozenValue => {
    if (next(/\s*(\[)/y) === undefined) return scalarOf(next(/\s*("[^"]*"|'[^']*'|[^,[\]]+)\s*/y)?.trim() ?? fail());
    if (depth === MAX_DEPTH) fail();
    const items: FrozenValue[] = [];
    if (next(/\s*(\])\s*/y) !== undefined) return items;
    do items.push(value(depth + 1));
    while (next(/(,)/y) !== undefined);
    return next(/\s*(\])\s*/y) === undefined ? fail() : items;
  };
  const fail = (): never => {
    throw new DecantError('invalid-argument', `'${text}' is not a list of names and values`, {
      remedy: 'Write NAME=VALUE, with a list as [1,2], and commas between several: phase_train=false,sizes=[1,2].',
    });
  };
  do {
    const name = next(/\s*([^=,[\]]+?)\s*=/y) ?? fail();
    if (values.has(name)) throw new DecantError('invalid-argument', `input '${name}' is frozen twice`);
    values.set(name, value(0));
  } while (next(/(,)/y) !== undefined);
  return at === text.length ? values : fail();
}

function scalarOf(text: string): FrozenValue {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2]!;
  return WORDS.get(text.toLowerCase()) ?? (NUMBER.test(text) ? Number(text) : text);
}
