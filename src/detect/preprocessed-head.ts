import { areaOf } from '../preprocess/geometry.ts';
import type { PreprocessInfo } from '../preprocess/preprocess-info.ts';
import type { InputSteps } from '../preprocess/steps.ts';
import type { Head } from './heads/head.ts';
import type { Size } from '../image/image.ts';
import { resize } from '../image/resize.ts';
import { toFrame } from './to-frame.ts';

/** A head for the same network with preprocessing inside: pictures go in as frames of the kind that it takes. */
export function preprocessedHead(head: Head, { steps, picture }: PreprocessInfo): Head {
  const taking: Head = {
    ...head,
    async prepare(image) {
      const { width, height } = frameSize(steps, image);
      return toFrame(await resize(image, width, height), picture.name, steps);
    },
  };
  if (head.ofFrame === true) return taking;
  return {
    ...taking,
    area(size) {
      const frame = frameSize(steps, size);
      const [height = frame.height, width = frame.width] =
        picture.shape[3] === 3 ? picture.shape.slice(1, 3) : picture.shape.slice(2);
      return areaOf(steps, frame, { width, height });
    },
  };
}

/** A head for the same network, where it takes pixels with blue first. */
export const bgrHead = (head: Head): Head => ({
  ...head,
  prepare: image => head.prepare({ ...image, data: withBlueFirst(image.data) }),
});

function withBlueFirst(pixels: Uint8Array): Uint8Array {
  const swapped = pixels.slice();
  for (let i = 0; i < pixels.length; i += 3) [swapped[i], swapped[i + 2]] = [pixels[i + 2]!, pixels[i]!];
  return swapped;
}

/** The size of the frame that a picture of `size` becomes: colours that two pixels share want even numbers of them. */
function frameSize({ size, color = 'RGB' }: InputSteps, { width, height }: Size): Size {
  if (size !== undefined) return size;
  if (!/^(?:NV12|I420)/.test(color)) return { width, height };
  const even = (pixels: number): number => Math.max(2, pixels - (pixels % 2));
  return { width: even(width), height: even(height) };
}
