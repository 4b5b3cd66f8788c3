import type { ResultRecord } from './result-writer.ts';

/**
 * Names for the files that belong to pictures: `photo` of `photos/photo.jpg`, `scan-3` of its third page, `clip-12` of a frame. Pictures of the
 * same name are told apart by a number: `photo-2`.
 */
export function imageNames(): (record: Pick<ResultRecord, 'file' | 'page' | 'frame'>) => string {
  const taken = new Set<string>();
  return ({ file, page, frame }) => {
    const number = page ?? frame;
    const stem = number === undefined ? stemOf(file) : `${stemOf(file)}-${number}`;
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}-${n}`;
    // Some file systems take names for the same that differ in case only.
    taken.add(name.toLowerCase());
    return name;
  };
}

/** The name of a picture's file, without its folder: also of an address, without what is behind `?`. */
export const fileNameOf = (path: string): string =>
  (/^(?:https?|rtsps?):/i.test(path) ? path.replace(/[?#].*$/s, '') : path)
    .split(/[/\\]/)
    .findLast(part => part !== '') ?? '';

/** The same without its ending; `picture` where nothing of a name is left, as for standard input. */
const stemOf = (path: string): string => {
  const stem = fileNameOf(path).replace(/(?<=.)\.[^.]*$/, '');
  return /^[.-]*$/.test(stem) ? 'picture' : stem;
};
