import type { Detection } from '../detect/detection.ts';
import type { Size } from '../image/image.ts';
import type { Labels } from '../labels/labels.ts';

/** What was found in one picture, as the formats of results need it; sizes and boxes in pixels. */
export interface ResultRecord extends Size {
  /** What the user called the picture: a path, mostly. */
  readonly file: string;
  /** Counts the pages of a file that has several, from 1. */
  readonly page?: number | undefined;
  /** Counts the frames of a video, from 1. */
  readonly frame?: number | undefined;
  /** Of a frame: seconds from the video's start. */
  readonly time?: number | undefined;
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Milliseconds by what was done meanwhile: `read`, `prepare`, `infer`, `decode`. */
  readonly ms?: object | undefined;
}

/** What holds for all pictures. */
export interface ResultContext {
  /** The path of the model. */
  readonly model: string;
  /** The devices that ran it. */
  readonly device: string;
  /** What the user should know of the model. */
  readonly notes?: readonly string[] | undefined;
  /** The names of all classes that the model knows, by its own ids. */
  readonly labels: Labels;
  /** The ids of pictures and classes in a COCO data set, for results that are to be compared with it. */
  readonly dataset?: DatasetIds | undefined;
}

/** The ids that pictures and classes have in a COCO data set. */
export interface DatasetIds {
  /** The id of a picture. @throws DecantError `not-found` for a picture that the data set does not have */
  imageIdOf(file: string): ImageId;
  /** The id of a class; undefined for one that the data set does not have. */
  categoryIdOf(detection: Pick<Detection, 'label' | 'classId'>): number | undefined;
}

/** The id of a picture in a COCO data set. */
export type ImageId = number | string;

/** A piece of the output. */
export interface ResultPart {
  /** The path of a file of its own, in slashes from the output's folder; without one, the text follows what came before. */
  readonly path?: string;
  readonly text: string;
}

/** Turns what was found into text, picture by picture: `begin`, `write` for each, `end`. It keeps no more of a picture than its name. */
export interface ResultWriter {
  /** What stands before the first picture. */
  begin(): readonly ResultPart[];
  /** @throws DecantError `not-found` for a picture that has no place in the results; the next ones may be written still */
  write(record: ResultRecord): readonly ResultPart[];
  /** What stands behind the last picture. */
  end(): readonly ResultPart[];
}

/** A format of results, by its name. */
export interface ResultFormat {
  /** What options call it. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** All results are one text, or a folder of files. */
  readonly output: 'text' | 'folder';
  /** A writer of results that all have this in common. */
  writer(context: ResultContext): ResultWriter;
}
