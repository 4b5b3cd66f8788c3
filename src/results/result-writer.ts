import type { Detection } from '../detect/detection.ts';
import type { Size } from '../image/image.ts';
import type { Labels } from '../labels/labels.ts';

/** The result of one image; sizes and boxes in pixels. */
export interface ResultRecord extends Size {
  /** The input as the user named it, mostly a path. */
  readonly file: string;
  /** Page of a multi-page file, from 1. */
  readonly page?: number | undefined;
  /** Frame of a video, from 1. */
  readonly frame?: number | undefined;
  /** Time of the frame, in seconds from the start of the video. */
  readonly time?: number | undefined;
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Milliseconds per step: `read`, `prepare`, `infer`, `decode`. */
  readonly ms?: object | undefined;
}

/** What all results have in common. */
export interface ResultContext {
  /** Path of the model. */
  readonly model: string;
  /** The devices that run it. */
  readonly device: string;
  /** Remarks about the model for the user. */
  readonly notes?: readonly string[] | undefined;
  /** Names of all classes by the model's ids. */
  readonly labels: Labels;
  /** Ids of a COCO data set, for results to be evaluated against it. */
  readonly dataset?: DatasetIds | undefined;
}

/** Ids of images and classes in a COCO data set. */
export interface DatasetIds {
  /** @throws DecantError `not-found` if the data set does not have the image */
  imageIdOf(file: string): ImageId;
  /** Undefined if the data set does not have the class. */
  categoryIdOf(detection: Pick<Detection, 'label' | 'classId'>): number | undefined;
}

/** Id of an image in a COCO data set. */
export type ImageId = number | string;

/** A piece of the output. */
export interface ResultPart {
  /** Path of the file within the output folder, with slashes; without one, the text continues the output. */
  readonly path?: string;
  readonly text: string;
}

/** Formats results one by one: `begin`, `write` per image, `end`. Keeps nothing of an image except its name. */
export interface ResultWriter {
  /** Output before the first image. */
  begin(): readonly ResultPart[];
  /** @throws DecantError `not-found` if the image is not in the data set; later images can still be written */
  write(record: ResultRecord): readonly ResultPart[];
  /** Output after the last image. */
  end(): readonly ResultPart[];
}

/** An output format for results. */
export interface ResultFormat {
  /** Name in options. */
  readonly name: string;
  /** One line of help text. */
  readonly summary: string;
  /** Whether the output is a single text or a folder of files. */
  readonly output: 'text' | 'folder';
  /** Returns a writer for one output. */
  writer(context: ResultContext): ResultWriter;
}
