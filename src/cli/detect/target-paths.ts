import { join } from 'node:path';
import type { Input } from '../../inputs/input.ts';

/** A picture or a frame of an input, or all of the input. */
export interface Part {
  readonly input: Input;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
}

/** Where a file made from an input goes: `photo-detected.jpg` of `photo.jpg`, `scan-p2-detected.png` of a page. */
export type TargetPath = (folder: string, part: Part, what: string) => string;

/** Paths for files made from `inputs`, the same in every run; numbers tell inputs of the same name apart. */
export function targetPaths(inputs: readonly Input[]): TargetPath {
  const counts = new Map<string, number>();
  const numbers = new Map<Input, number>();
  for (const input of inputs) {
    const name = `${input.stem}${endingOf(input)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    numbers.set(input, counts.get(name)!);
  }
  return (folder, { input, page, frame }, what) => {
    const number = numbers.get(input) ?? 1;
    const place = page === undefined ? (frame === undefined ? [] : [`f${frame}`]) : [`p${page}`];
    const words = [input.stem, ...place, what, ...(number === 1 ? [] : [number])];
    return join(folder, `${words.join('-')}${frame === undefined ? endingOf(input) : '.jpg'}`);
  };
}

/** The format that the input itself has, where decant writes it. */
const endingOf = ({ kind, ending }: Input): string =>
  kind === 'video'
    ? /^\.(?:mp4|m4v|mov|mkv|webm)$/.test(ending)
      ? ending
      : '.mp4'
    : /^\.(?:png|webp|jpe?g)$/.test(ending)
      ? ending
      : '.png';
