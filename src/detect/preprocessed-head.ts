import { areaOf } from '../preprocess/geometry.ts';
import type { PreprocessInfo } from '../preprocess/preprocess-info.ts';
import type { InputSteps } from '../preprocess/steps.ts';
import type { Head } from './heads/head.ts';
import { swapChannels } from './heads/feed-image.ts';
import type { Size } from '../image/image.ts';
import { resize } from '../image/resize.ts';
import { toFrame } from './to-frame.ts';

/** Returns the head of the same model with preprocessing inside: it is fed with frames as the first step expects them. */
export function preprocessedHead(head: Head, { steps, image: input }: PreprocessInfo): Head {
  const framed: Head = {
    ...head,
    async prepare(image) {
      const { width, height } = frameSize(steps, image);
      return toFrame(await resize(image, width, height), input.name, steps);
    },
  };
  if (head.boxesInFrame === true) return framed;
  const modelSize = (frame: Size): Size => {
    const [height = frame.height, width = frame.width] =
      input.shape[3] === 3 ? input.shape.slice(1, 3) : input.shape.slice(2);
    return { width, height };
  };
  return {
    ...framed,
    area(size) {
      const frame = frameSize(steps, size);
      return areaOf(steps, frame, modelSize(frame));
    },
    read: (outputs, nms, size) => head.read(outputs, nms, size && modelSize(frameSize(steps, size))),
  };
}

export const bgrHead = (head: Head): Head => ({
  ...head,
  prepare: image => head.prepare(swapChannels(image)),
});

/** NV12 and I420 subsample colors, and need even sizes. */
function frameSize({ size, color = 'RGB' }: InputSteps, { width, height }: Size): Size {
  if (size !== undefined) return size;
  if (!/^(?:NV12|I420)/.test(color)) return { width, height };
  const even = (pixels: number): number => Math.max(2, pixels - (pixels % 2));
  return { width: even(width), height: even(height) };
}
