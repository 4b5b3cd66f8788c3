import { DecantError } from '../errors.ts';
import { type Dim, dimAdd, dimBroadcast, dimFloorDiv, dimMax, dimMin, dimMul, dimTruncDiv, symbol } from './dim.ts';

const FUNCTIONS: Readonly<Record<string, (a: Dim, b: Dim) => Dim | undefined>> = {
  floordiv: dimFloorDiv,
  truncdiv: dimTruncDiv,
  min: dimMin,
  max: dimMax,
  broadcast: dimBroadcast,
};

const MAX_DEPTH = 100;

/**
 * Parses the text of a dimension, such as `2*h+floordiv(w+1;2)-3`: the inverse of `String`. `named` resolves symbol names;
 * a number for each makes the result a number.
 */
export function parseDim(text: string, named: (name: string) => Dim = symbol): Dim {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const fail = (): never => {
    throw new DecantError('malformed', `'${text}' is not a dimension`);
  };
  const sum = (depth: number): Dim => {
    if (depth > MAX_DEPTH) fail();
    let total: Dim = 0;
    do {
      const sign = take(/[+-]/y) === '-' ? -1 : 1;
      total = dimAdd(total, dimMul(product(depth), sign));
    } while (text[at] === '+' || text[at] === '-');
    return total;
  };
  const product = (depth: number): Dim => {
    let factors = factor(depth);
    while (take(/[*·]/y) !== undefined) factors = dimMul(factors, factor(depth));
    return factors;
  };
  const factor = (depth: number): Dim => {
    const word = take(/[^-+*·();]+/y) ?? fail();
    if (take(/\(/y) === undefined) return /^\d+$/.test(word) ? Number(word) : named(word);
    const first = sum(depth + 1);
    if (take(/;/y) === undefined) fail();
    const second = sum(depth + 1);
    if (take(/\)/y) === undefined) fail();
    return (Object.hasOwn(FUNCTIONS, word) ? FUNCTIONS[word]!(first, second) : undefined) ?? fail();
  };
  const dim = sum(0);
  return at === text.length ? dim : fail();
}
