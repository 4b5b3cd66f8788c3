import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as canvasModule from '@napi-rs/canvas';
import { DecantError } from '../errors.ts';

/** The parts in which the font is packed; letters of other scripts come from the system's fonts, where it has any. */
const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'];

/** A name of its own for each part, so that an installed font of the same name is never taken instead. */
const familyOf = (subset: string): string => `decant-inter-${subset}`;

const FAMILIES = [...SUBSETS.map(subset => `"${familyOf(subset)}"`), 'sans-serif'].join(', ');

/** The CSS font of labels, `size` in pixels; for canvases of `loadCanvas`. */
export const labelFont = (size: number): string => `600 ${size}px ${FAMILIES}`;

let loading: Promise<typeof canvasModule> | undefined;

/** The drawing library, loaded at first use, with the font of labels, so that text looks the same on every machine. */
export function loadCanvas(): Promise<typeof canvasModule> {
  loading ??= import('@napi-rs/canvas').then(async canvas => {
    const { resolve } = createRequire(import.meta.url);
    for (const subset of SUBSETS) {
      const file = resolve(`@fontsource/inter/files/inter-${subset}-600-normal.woff2`);
      if (canvas.GlobalFonts.register(await readFile(file), familyOf(subset)) === null) {
        throw new DecantError('internal', `${file} is not a font that can be drawn with`);
      }
    }
    return canvas;
  });
  return loading;
}
