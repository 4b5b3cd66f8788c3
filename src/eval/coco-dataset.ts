import type { ImageId } from '../results/result-writer.ts';
import type { Segmentation } from './segmentation.ts';

/** COCO's box in pixels: top left corner and size. */
export type BoxLengths = readonly [x: number, y: number, width: number, height: number];

/** A COCO annotation file: the objects in each image. */
export interface CocoDataset {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations: readonly CocoAnnotation[];
}

/** An image of a COCO data set. */
export interface CocoImage {
  readonly id: ImageId;
  /** Path relative to the folder of images; empty if missing. */
  readonly fileName: string;
  /** In pixels; 0 if missing. */
  readonly width: number;
  readonly height: number;
}

/** A class of a COCO data set. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
}

/** An object, or a crowd of them, in an image. */
export interface CocoAnnotation {
  readonly id: number | string;
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  /** In square pixels: of the mask if there is one, else of the box. */
  readonly area: number;
  /** Many objects in one box: detections there count neither for nor against the detector. */
  readonly crowd: boolean;
  readonly segmentation?: Segmentation | undefined;
}

/** A detection of a COCO results file. */
export interface CocoResult {
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  readonly score: number;
  readonly segmentation?: Segmentation | undefined;
}
