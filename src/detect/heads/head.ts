import type { Area } from '../../preprocess/geometry.ts';
import type { RawDetections } from '../raw-detections.ts';
import type { Image, Size } from '../../image/image.ts';
import type { Labels } from '../../labels/labels.ts';
import type { DetectionEncoding } from './detection-encoding.ts';
import type { Port, Ports, Tensors } from './port.ts';

/** A detector convention matched to a model: how to feed an image, and how to decode the outputs. */
export interface Head {
  readonly name: string;
  readonly labels: Labels;
  /** Id of the first class, for label files without ids. */
  readonly firstClassId: number;
  /** Outputs with one entry per detection: boxes, scores, classes, and indices into the candidates. */
  readonly detectionOutputs: readonly Port[];
  readonly requiredOutputs: readonly Port[];
  /** Boxes and per-class scores of all candidates before non-maximum suppression, if the model returns them. */
  readonly candidateOutputs: readonly Port[];
  readonly encoding: DetectionEncoding | undefined;
  /** Whether boxes are relative to the frame before the preprocessing inside the model. */
  readonly boxesInFrame?: boolean;
  prepare(image: Image): Promise<Tensors>;
  area?(image: Size): Area;
  read(outputs: Tensors): RawDetections;
}

export type HeadMatcher = (ports: Ports) => Head | undefined;
