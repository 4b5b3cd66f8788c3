import type { ImageId } from '../results/result-writer.ts';
import type { Segmentation } from './segmentation.ts';

/** x, y of the corner, width, height, in pixels. */
export type BoxLengths = readonly [x: number, y: number, width: number, height: number];

/** What a COCO file of annotations says: which objects are in which pictures. */
export interface CocoDataset {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations: readonly CocoAnnotation[];
}

/** A picture of a COCO data set. */
export interface CocoImage {
  readonly id: ImageId;
  /** The picture's path, relative to a folder that the file does not name; empty where it names no file. */
  readonly fileName: string;
  /** In pixels; 0 where the file does not say. */
  readonly width: number;
  readonly height: number;
}

/** A class of a COCO data set. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
}

/** An object, or a crowd of them, in a picture. */
export interface CocoAnnotation {
  readonly id: number | string;
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  /** In pixels: of the object where its outline is known. */
  readonly area: number;
  /** Many objects under one box: what is found there counts neither for nor against a detector. */
  readonly crowd: boolean;
  readonly segmentation?: Segmentation | undefined;
}

/** An object that a detector found, as in COCO's files of results. */
export interface CocoResult {
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  readonly score: number;
  readonly segmentation?: Segmentation | undefined;
}
