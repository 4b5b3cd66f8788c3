import { type Box, boxIntersection } from '../image/geometry.ts';
import type { Size } from '../image/image.ts';
import { DecantError } from '../errors.ts';
import type { ImageId } from '../results/result-writer.ts';
import type { BoxLengths, CocoAnnotation, CocoImage, CocoResult } from './coco-dataset.ts';
import type { Pixels } from './polygon.ts';
import { pixelOverlap, pixelsOf } from './pixels.ts';
import type { Segmentation } from './segmentation.ts';

/** Compares boxes (`bbox`) or masks (`segm`). */
export type IouType = 'bbox' | 'segm';

/** Returns the overlap of each detection and each object of an image: `[detections, objects]`, 0..1. */
export type Overlaps = (
  detections: readonly CocoResult[],
  objects: readonly CocoAnnotation[],
) => readonly (readonly number[])[];

export const boxOverlaps: Overlaps = (detections, objects) =>
  detections.map(({ bbox }) => objects.map(object => boxOverlap(bbox, object.bbox, object.crowd)));

/** Returns the IoU; for a crowd, the fraction of the detection inside it, because a detection never covers a crowd. */
function boxOverlap(detection: BoxLengths, object: BoxLengths, crowd: boolean): number {
  const intersection = boxIntersection(toBox(detection), toBox(object));
  if (intersection === 0) return 0;
  // As in pycocotools, areas come from the lengths: edges would round differently.
  const area = detection[2] * detection[3];
  return intersection / (crowd ? area : area + object[2] * object[3] - intersection);
}

const toBox = ([x, y, width, height]: BoxLengths): Box => ({ xmin: x, ymin: y, xmax: x + width, ymax: y + height });

export function maskOverlaps(images: readonly CocoImage[]): Overlaps {
  const sizes = new Map<ImageId, Size>(images.map(image => [image.id, image]));
  const pixels = (segmentation: Segmentation | undefined, imageId: ImageId, owner: string): Pixels => {
    const size = sizes.get(imageId);
    if (segmentation === undefined || size === undefined) throw noMask(owner, imageId);
    if (!('counts' in segmentation) && size.width * size.height === 0) throw noSize(imageId);
    return pixelsOf(segmentation, size);
  };
  return (detections, objects) => {
    const targets = objects.map(({ segmentation, imageId, crowd }) => ({
      crowd,
      pixels: pixels(segmentation, imageId, 'an annotation'),
    }));
    return detections.map(({ segmentation, imageId }) => {
      const detected = pixels(segmentation, imageId, 'a result');
      return targets.map(target => pixelOverlap(detected, target.pixels, target.crowd));
    });
  };
}

const noMask = (owner: string, imageId: ImageId): DecantError =>
  new DecantError('malformed', `${owner} of image ${imageId} has no mask to compare`, {
    remedy: 'Compare boxes, or use annotations and a model with masks.',
  });

const noSize = (imageId: ImageId): DecantError =>
  new DecantError('malformed', `image ${imageId} has polygons, but no width and height in the annotations`);
