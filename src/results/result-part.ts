import type { ResultPart } from './result-writer.ts';

export const textPart = (content: string): readonly ResultPart[] => (content === '' ? [] : [{ text: content }]);

export const filePart = (path: string, content: string): ResultPart => ({ path, text: content });

export const rounded = (number: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(number * scale) / scale;
};

/** JSON without control characters, some of which it allows in strings: a terminal would obey them. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
