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

export const fileNameOf = (path: string): string =>
  (/^(?:https?|rtsps?):/i.test(path) ? path.replace(/[?#].*$/s, '') : path)
    .split(/[/\\]/)
    .findLast(part => part !== '') ?? '';

/** The file name without extension; `picture` if nothing is left of it, as for standard input. */
const stemOf = (path: string): string => {
  const stem = fileNameOf(path).replace(/(?<=.)\.[^.]*$/, '');
  return /^[.-]*$/.test(stem) ? 'picture' : stem;
};
