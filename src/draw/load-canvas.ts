import { readFile } from 'node:fs/promises';
import type * as canvasModule from '@napi-rs/canvas';
import { DecantError } from '../errors.ts';
import { packagePath } from '../platform/package-path.ts';

/** Files of the bundled font, which the build copies; other scripts fall back to fonts of the system. */
const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'];

/** A private name, so that an installed font of the same name is never used instead. */
const familyOf = (subset: string): string => `decant-inter-${subset}`;

const FAMILIES = [...SUBSETS.map(subset => `"${familyOf(subset)}"`), 'sans-serif'].join(', ');

export const labelFont = (size: number): string => `600 ${size}px ${FAMILIES}`;

let loading: Promise<typeof canvasModule> | undefined;

/** Loads the drawing library at first use, with a bundled font, so that text looks the same on every machine. */
export function loadCanvas(): Promise<typeof canvasModule> {
  loading ??= import('@napi-rs/canvas').then(async canvas => {
    for (const subset of SUBSETS) {
      const file = packagePath(`dist/fonts/inter-${subset}-600-normal.woff2`);
      if (canvas.GlobalFonts.register(await readFile(file), familyOf(subset)) === null) {
        throw new DecantError('internal', `the font ${file} cannot be loaded`);
      }
    }
    return canvas;
  });
  return loading;
}
