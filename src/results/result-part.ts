import type { ResultPart } from './result-writer.ts';

/** One piece of text, or none where it is empty. */
export const text = (content: string): readonly ResultPart[] => (content === '' ? [] : [{ text: content }]);

/** A file of its own. */
export const file = (path: string, content: string): ResultPart => ({ path, text: content });

/** `number` with at most so many digits behind the point. */
export const rounded = (number: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(number * scale) / scale;
};
