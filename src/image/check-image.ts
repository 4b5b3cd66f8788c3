import { atLeast, type Check, kind, optional, shaped, text } from '../check.ts';

export const IMAGE_SIZE: Check = shaped({ width: atLeast(1), height: atLeast(1) });

/** A decoded image, with all its bytes. */
export const IMAGE: Check = (value, what) => {
  const fields = { width: atLeast(1), height: atLeast(1), data: PIXELS, name: optional(text) };
  const problem = shaped(fields)(value, what);
  if (problem !== undefined) return problem;
  const { width, height, data } = value as {
    readonly width: number;
    readonly height: number;
    readonly data: Uint8Array;
  };
  const bytes = width * height * 3;
  return data.length === bytes
    ? undefined
    : `${what}.data must have ${bytes} bytes for ${width} x ${height} pixels, got ${data.length}`;
};

const PIXELS = kind('a Uint8Array', value => value instanceof Uint8Array || value instanceof Uint8ClampedArray);
