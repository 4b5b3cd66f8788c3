import { DecantError } from '../errors.ts';

/** Which pages of a file to look at. */
export interface PageChoice {
  readonly text: string;
  has(page: number): boolean;
}

/** Pages written as `3`, `2-5` or `1,4-`, from 1 on. @throws DecantError `invalid-argument` */
export function parsePages(text: string): PageChoice {
  const ranges = text.split(',').map(part => {
    const [, first, dash, last] = /^(\d+)(?:(-)(\d*))?$/.exec(part.trim()) ?? [];
    const [low, high] = [Number(first), dash === undefined ? Number(first) : last === '' ? Infinity : Number(last)];
    if (first === undefined || low < 1 || high < low) {
      throw new DecantError('invalid-argument', `'${text}' does not name pages`, {
        remedy: 'Write 3, 2-5 or 1,4-; the first page is 1.',
      });
    }
    return [low, high] as const;
  });
  return { text, has: page => ranges.some(([low, high]) => page >= low && page <= high) };
}
