import { DecantError } from '../../../errors.ts';
import { decodeFlexbuffer, type FlexValue } from '../../../wire/flexbuffer.ts';
import { bool, float, int } from '../lite-graph.ts';
import type { LiteTranslator } from '../lite-op.ts';

export const DETECTION = 'TFLite_Detection_PostProcess';

/** Classes per detection and detections per class that the op assumes without an option. */
const DETECTIONS_PER_CLASS = 100;

const detectionPostProcess: LiteTranslator = (op, graph) => {
  const options = decodeFlexbuffer(op.custom);
  const numberOf = (name: string, fallback?: number): number => {
    const value: FlexValue | undefined = options.get(name) ?? fallback;
    if (typeof value === 'number') return value;
    throw new DecantError('malformed', `option '${name}' is ${value === undefined ? 'missing' : 'not a number'}`);
  };
  return graph.addAll(DETECTION, 4, [op.input(0), op.input(1), op.input(2)], {
    max_detections: int(numberOf('max_detections')),
    max_classes_per_detection: int(numberOf('max_classes_per_detection')),
    detections_per_class: int(numberOf('detections_per_class', DETECTIONS_PER_CLASS)),
    use_regular_nms: bool(Number(options.get('use_regular_nms') ?? 0) !== 0),
    nms_score_threshold: float(numberOf('nms_score_threshold')),
    nms_iou_threshold: float(numberOf('nms_iou_threshold')),
    num_classes: int(numberOf('num_classes')),
    y_scale: float(numberOf('y_scale')),
    x_scale: float(numberOf('x_scale')),
    h_scale: float(numberOf('h_scale')),
    w_scale: float(numberOf('w_scale')),
  });
};

/** Ops that are not part of TensorFlow Lite itself, by their names. */
export const custom: Readonly<Record<string, LiteTranslator>> = { [DETECTION]: detectionPostProcess };
