import type { Size } from '../image/image.ts';
import { DecantError } from '../errors.ts';
import type { ImageId } from '../results/result-writer.ts';
import type { BoxLengths, CocoAnnotation, CocoImage, CocoResult } from './coco-dataset.ts';
import type { Pixels } from './polygon.ts';
import { pixelOverlap, pixelsOf } from './pixels.ts';
import type { Segmentation } from './segmentation.ts';

/** What COCO compares: boxes, or the pixels of masks. */
export type IouType = 'bbox' | 'segm';

/** For each detection in a picture what it shares with each object there, 0..1. */
export type Overlaps = (
  found: readonly CocoResult[],
  objects: readonly CocoAnnotation[],
) => readonly (readonly number[])[];

export const boxOverlaps: Overlaps = (found, objects) =>
  found.map(({ bbox }) => objects.map(object => boxOverlap(bbox, object.bbox, object.crowd)));

/**
 * How much of two boxes they share: the intersection over the union. With a crowd it is the share of the detection that
 * lies in the crowd, because a crowd is never found as one.
 */
export function boxOverlap(found: BoxLengths, object: BoxLengths, crowd: boolean): number {
  const width = Math.min(found[0] + found[2], object[0] + object[2]) - Math.max(found[0], object[0]);
  const height = Math.min(found[1] + found[3], object[1] + object[3]) - Math.max(found[1], object[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const area = found[2] * found[3];
  return shared / (crowd ? area : area + object[2] * object[3] - shared);
}

/** The same of masks in these pictures. */
export function maskOverlaps(images: readonly CocoImage[]): Overlaps {
  const sizes = new Map<ImageId, Size>(images.map(image => [image.id, image]));
  const pixels = (segmentation: Segmentation | undefined, imageId: ImageId, what: string): Pixels => {
    const size = sizes.get(imageId);
    if (segmentation === undefined || size === undefined) throw noMask(what, imageId);
    if (!('counts' in segmentation) && size.width * size.height === 0) throw noSize(imageId);
    return pixelsOf(segmentation, size);
  };
  return (found, objects) => {
    const outlines = objects.map(({ segmentation, imageId, crowd }) => ({
      crowd,
      pixels: pixels(segmentation, imageId, 'an annotation'),
    }));
    return found.map(({ segmentation, imageId }) => {
      const own = pixels(segmentation, imageId, 'a result');
      return outlines.map(object => pixelOverlap(own, object.pixels, object.crowd));
    });
  };
}

const noMask = (what: string, imageId: ImageId): DecantError =>
  new DecantError('malformed', `${what} of picture ${imageId} has no mask to compare`, {
    remedy: 'Compare the boxes, or take annotations and a model that have masks.',
  });

const noSize = (imageId: ImageId): DecantError =>
  new DecantError(
    'malformed',
    `the annotations do not say how large picture ${imageId} is, and its polygons need that`,
  );
