import { stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import type { Input } from '../../inputs/input.ts';
import { shortened } from '../../results/image-names.ts';

/** An input, or one page or frame of it; `page` and `frame` count from 1. */
export interface InputPart {
  readonly input: Input;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
}

/** Returns `photo-detected.jpg` for `photo.jpg`, `scan-p2-detected.png` for a page. */
export type TargetPath = (folder: string, image: InputPart, what: string) => string;

/** Paths are the same in every run; inputs of the same name are numbered. */
export function targetPaths(inputs: readonly Input[]): TargetPath {
  const counts = new Map<string, number>();
  const numbers = new Map<Input, number>();
  for (const input of inputs) {
    const name = `${shortStem(input)}${endingOf(input)}`;
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    numbers.set(input, number);
  }
  return (folder, { input, page, frame }, what) => {
    const number = numbers.get(input) ?? 1;
    const words = [shortStem(input)];
    if (page !== undefined) words.push(`p${page}`);
    else if (frame !== undefined) words.push(`f${frame}`);
    words.push(what);
    if (number > 1) words.push(String(number));
    return join(folder, `${words.join('-')}${frame === undefined ? endingOf(input) : '.jpg'}`);
  };
}

/** File systems allow 255 bytes per name, of which what is appended needs some. */
const MAX_STEM_BYTES = 150;

function shortStem({ stem }: Input): string {
  const { dir, base } = parse(stem);
  return join(dir, shortened(base, MAX_STEM_BYTES));
}

function endingOf({ kind, ending }: Input): string {
  if (kind === 'video') return /^\.(?:mp4|m4v|mov|mkv|webm)$/.test(ending) ? ending : '.mp4';
  return /^\.(?:png|webp|jpe?g)$/.test(ending) ? ending : '.png';
}

export async function isFolderPath(save: string): Promise<boolean> {
  if (extname(save) === '' || save.endsWith('/')) return true;
  return stat(save).then(
    facts => facts.isDirectory(),
    () => false,
  );
}
