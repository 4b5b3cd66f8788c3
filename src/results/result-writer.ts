import type { DecantError } from '../errors.ts';
import type { Detection } from '../detect/detection.ts';
import type { Size } from '../image/image.ts';
import type { FrameTracks } from '../track/frame-tracks.ts';
import type { Labels } from '../labels/labels.ts';

/**
 * The result of one image: sizes and boxes in pixels; pages and frames from 1; the time of a frame in seconds from the start
 * of the video; detections best first.
 */
export interface ResultRecord extends Size {
  /** The input as the user named it, mostly a path. */
  readonly file: string;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
  readonly time?: number | undefined;
  readonly detections: readonly Detection[];
  /** Number of tiles that ran besides the whole image. */
  readonly tiles?: number | undefined;
  /** Lines and zones that tracked objects crossed in this frame, and how many did so far. */
  readonly tracks?: Pick<FrameTracks, 'crossings' | 'counts'> | undefined;
  /** Milliseconds per step: `read`, `prepare`, `infer`, `decode`. */
  readonly ms?: object | undefined;
}

/** Properties that all results share. */
export interface ResultContext {
  readonly model: string;
  readonly device: string;
  /** Lowest score of the results. */
  readonly threshold?: number | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly labels: Labels;
  readonly dataset?: DatasetIds | undefined;
  /** Keeps text in CSV unchanged. By default, spreadsheets do not take it for formulas, and it has no control characters. */
  readonly rawCsv?: boolean | undefined;
  /** Whether the objects of videos are tracked: CSV then has columns for their numbers and crossings. */
  readonly tracking?: boolean | undefined;
}

/** Ids of images and classes in a COCO data set. */
export interface DatasetIds {
  /** @throws DecantError `not-found` if the data set does not have the image */
  imageIdOf(file: string): ImageId;
  /** Returns undefined if the data set does not have the class. */
  categoryIdOf(detection: Pick<Detection, 'label' | 'classId'>): number | undefined;
}

/** Id of an image in a COCO data set. */
export type ImageId = number | string;

/** A piece of the output: of the file at `path` in the output folder, with slashes, or else of the only text. */
export interface ResultPart {
  readonly path?: string;
  readonly text: string;
}

/** Formats results one by one: `begin`, `write` per image, `end`. Retains only each image's name. */
export interface ResultWriter {
  /** Returns the output before the first image. */
  begin(): readonly ResultPart[];
  /** @throws DecantError `not-found` if the image is not in the data set; later images can still be written */
  write(record: ResultRecord): readonly ResultPart[];
  /** Returns the output about an image that could not be read; missing if the format has no place for errors. */
  fail?(file: string, error: DecantError): readonly ResultPart[];
  /** Returns the output after the last image. @param error what ended the run early; only formats with `fail` name it */
  end(error?: DecantError): readonly ResultPart[];
}

/** An output format for results. */
export interface ResultFormat {
  readonly name: string;
  /** The output in one line, for a list of formats. */
  readonly summary: string;
  readonly output: 'text' | 'folder';
  /** Returns a writer for one output. */
  writer(context: ResultContext): ResultWriter;
}
