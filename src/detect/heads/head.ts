import type { Area } from '../../preprocess/geometry.ts';
import type { RawDetections } from '../raw-detections.ts';
import type { Image, Size } from '../../image/image.ts';
import type { Labels } from '../../labels/labels.ts';
import type { DetectionTable } from './detection-table.ts';
import type { Port, Ports, Tensors } from './port.ts';

/** One convention of detectors, matched to a network: how it wants the picture, and what its outputs mean. */
export interface Head {
  /** The convention's. */
  readonly name: string;
  /** The names of the classes where nobody brings others. */
  readonly labels: Labels;
  /** The id of the first class, for lists of names that hold no ids. */
  readonly firstClassId: number;
  /** The outputs that the detections are read from: boxes, scores, classes, and which candidates became them. */
  readonly rows: readonly Port[];
  /** All outputs that `read` looks at. */
  readonly reads: readonly Port[];
  /** The outputs with the boxes, and the scores for each class, of all candidates, where the network has such. */
  readonly candidates: readonly Port[];
  /** What the outputs mean, where they can be put together in another layout. */
  readonly table: DetectionTable | undefined;
  /** That boxes are fractions of the frame that goes in, whatever preprocessing inside of the network makes of it. */
  readonly ofFrame?: boolean;
  prepare(image: Image): Promise<Tensors>;
  /** The area of a picture that the network looks at, where that is not the whole of it. */
  area?(picture: Size): Area;
  /** All that the network found, in its order. */
  read(outputs: Tensors): RawDetections;
}

/** A convention: the head for a network of these ports, or undefined where it does not follow the convention. */
export type HeadMatcher = (ports: Ports) => Head | undefined;
