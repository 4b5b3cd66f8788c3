import type { ResultPart } from './result-writer.ts';

export const textPart = (content: string): readonly ResultPart[] => (content === '' ? [] : [{ text: content }]);

export const filePart = (path: string, content: string): ResultPart => ({ path, text: content });

export const rounded = (number: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(number * scale) / scale;
};
