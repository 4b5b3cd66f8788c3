import type { Size } from '../../image/image.ts';
import { COCO_KEYPOINTS } from '../../labels/coco-keypoints.ts';
import { COCO_80 } from '../../labels/coco.ts';
import type { Labels } from '../../labels/labels.ts';
import type { Area } from '../../preprocess/geometry.ts';
import type { Head } from './head.ts';
import { fedArea, feedImage, type Feeding, type ImagePort, imagePort, noImagePort } from './image-port.ts';
import type { Ports } from './port.ts';

/** Letterboxed in gray. */
const LETTERBOX: Feeding = { fit: 'fit_to_window_letterbox', padValue: 114, antialias: false };

/** Reals are 0..1; a model that takes bytes divides them itself. */
const scaleOf = ({ type }: ImagePort): Pick<Feeding, 'scale'> => (type === 'f32' ? { scale: [255, 255, 255] } : {});

/** Side of the image if the model takes any size: what YOLOs are trained with. */
const DEFAULT_SIDE = 640;

/** Returns the input of a YOLO, an f32 image of known or any size, or a u8 image of known size; or why there is none. */
export function yoloInput(ports: Ports): (ImagePort & Size) | string {
  const input = imagePort(ports, ['NHWC', 'NCHW']);
  if (input === undefined) return noImagePort(ports);
  const isFixed = input.width !== undefined && input.height !== undefined;
  if (input.type !== 'f32' && !(input.type === 'u8' && isFixed))
    return `the input is ${input.type}, not f32, or u8 of a fixed size`;
  return { ...input, width: input.width ?? DEFAULT_SIDE, height: input.height ?? DEFAULT_SIDE };
}

/** The parts of a head that feed a letterboxed image. */
export const letterboxed = (input: ImagePort): Pick<Head, 'prepare' | 'area'> => ({
  prepare: image => feedImage(image, input, { ...LETTERBOX, ...scaleOf(input) }),
  area: (image): Area => fedArea(image, input, LETTERBOX),
});

/** The part of a head that feeds a stretched image. */
export const stretched = (input: ImagePort): Pick<Head, 'prepare'> => ({
  prepare: image => feedImage(image, input, { ...scaleOf(input), antialias: false }),
});

/** The strides of the grids that YOLOs predict on. */
const STRIDES = [
  [8, 16, 32],
  [16, 32],
  [4, 8, 16, 32],
  [8, 16, 32, 64],
] as const;

/** Whether a YOLO with `perCell` candidates in each cell of its grids has `count` of them for an image; sizes may be unknown. */
export function isCandidateCount(count: number | undefined, image: Size, ports: Ports, perCell: number): boolean {
  const isSizeKnown = ports.inputs[0]!.shape.every(size => size !== undefined);
  if (count === undefined || !isSizeKnown) return count === undefined && !isSizeKnown;
  return STRIDES.some(strides => perCell * cellsOf(image, strides) === count);
}

const cellsOf = ({ width, height }: Size, strides: readonly number[]): number =>
  strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);

/** COCO's classes, or its person with keypoints. */
export function yoloLabels(classCount: number, keypoints = 0): Labels {
  if (classCount === COCO_80.size) return COCO_80;
  return classCount === 1 && keypoints === COCO_KEYPOINTS.length ? new Map([[0, 'person']]) : new Map();
}
