import type { Area } from '../../preprocess/geometry.ts';
import type { Nms } from '../nms.ts';
import type { RawDetections } from '../raw-detections.ts';
import type { Image, Size } from '../../image/image.ts';
import type { Labels } from '../../labels/labels.ts';
import type { CandidateEncoding } from './candidate-encoding.ts';
import type { DetectionEncoding } from './detection-encoding.ts';
import type { Port, Ports, Tensors } from './port.ts';

/** A detector convention matched to a model: how to feed an image, and how to decode the outputs. */
export interface Head {
  readonly name: string;
  /** Why the model is taken for such a detector: `it has an output 'detection_boxes'`. */
  readonly reason: string;
  /** What the reason rests on. Names outweigh shapes, which several conventions share. */
  readonly evidence: 'names' | 'shapes';
  /** Who uses this head, of several that only the author of the model can tell apart: `KerasHub's default`. */
  readonly usedBy?: string | undefined;
  readonly labels: Labels;
  /** Id of the first class, for label files without ids. */
  readonly firstClassId: number;
  /** Outputs with one entry per detection: boxes, scores, classes, and indices into the candidates. */
  readonly detectionOutputs: readonly Port[];
  readonly requiredOutputs: readonly Port[];
  /** Boxes and per-class scores of all candidates before non-maximum suppression, if the model returns them. */
  readonly candidateOutputs: readonly Port[];
  readonly encoding: DetectionEncoding | undefined;
  /** How the outputs encode all candidates, if `read` suppresses those that overlap. */
  readonly candidates?: CandidateEncoding | undefined;
  /** Whether boxes are relative to the frame before the preprocessing inside the model. */
  readonly boxesInFrame?: boolean;
  /** The non-maximum suppression that `read` applies, if the model has none. */
  readonly nms?: Nms | undefined;
  prepare(image: Image): Promise<Tensors>;
  area?(image: Size): Area;
  /**
   * @param nms replaces that of the head
   * @param image size of the model's image, for heads that need it where the size of the input is dynamic
   */
  read(outputs: Tensors, nms?: Nms, image?: Size): RawDetections;
}

/** Returns why the head does not fit, if it does not: `there is no output 'detection_boxes'`. */
export type HeadMatcher = (ports: Ports) => Head | string;
