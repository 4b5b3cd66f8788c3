import { DecantError } from '../errors.ts';

export interface PageChoice {
  readonly text: string;
  has(page: number): boolean;
}

/** `3`, `2-5` or `1,4-`; pages count from 1. */
export function parsePages(text: string): PageChoice {
  const ranges = text.split(',').map(part => {
    const [, first, dash, last] = /^(\d+)(?:(-)(\d*))?$/.exec(part.trim()) ?? [];
    const low = Number(first);
    const end = last === '' ? Infinity : Number(last);
    const high = dash === undefined ? low : end;
    if (first === undefined || low < 1 || high < low) {
      throw new DecantError('invalid-argument', `'${text}' is not a page selection`, {
        remedy: 'Write 3, 2-5 or 1,4-; the first page is 1.',
      });
    }
    return { low, high };
  });
  return { text, has: page => ranges.some(({ low, high }) => page >= low && page <= high) };
}
