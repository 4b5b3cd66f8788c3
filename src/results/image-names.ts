import type { ResultRecord } from './result-writer.ts';

/**
 * Returns a function that names the output files of images: `photo` for `photos/photo.jpg`, `scan-3` for the third page of a
 * file, `clip-12` for a frame. Numbers make duplicate names unique: `photo-2`.
 */
export function imageNames(): (record: Pick<ResultRecord, 'file' | 'page' | 'frame'>) => string {
  const taken = new Set<string>();
  return ({ file, page, frame }) => {
    const number = page ?? frame;
    const stem = number === undefined ? stemOf(file) : `${stemOf(file)}-${number}`;
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
    // Some file systems ignore case.
    taken.add(name.toLowerCase());
    return name;
  };
}

/** File systems allow 255 bytes, of which numbers and endings need some. */
const MAX_STEM_BYTES = 180;

const encoder = new TextEncoder();

/** Cuts `text` at the end, between characters. */
export function shortened(text: string, maxBytes = MAX_STEM_BYTES): string {
  const characters = Array.from(text);
  while (encoder.encode(characters.join('')).byteLength > maxBytes) characters.pop();
  return characters.join('');
}

export const fileNameOf = (path: string): string =>
  (/^(?:https?|rtsps?):/i.test(path) ? path.replace(/[?#].*$/s, '') : path)
    .split(/[/\\]/)
    .findLast(part => part !== '') ?? '';

/** The file name without extension; `picture` if nothing is left of it, as for standard input. */
const stemOf = (path: string): string => {
  const stem = shortened(fileNameOf(path).replace(/(?<=.)\.[^.]*$/s, ''));
  return /^[.-]*$/.test(stem) ? 'picture' : stem;
};
