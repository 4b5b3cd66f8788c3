import { blazeface, blazepalm, blazepose } from './blaze.ts';
import { centernetBoxes } from './centernet-boxes.ts';
import { efficientDetColumns, efficientDetLevels, efficientDetRows } from './efficientdet.ts';
import type { HeadMatcher } from './head.ts';
import { KERAS_CV_FORMATS, KERAS_HUB_FORMATS, kerasCv, kerasHub } from './keras-cv.ts';
import { kerasIoRetinaNet } from './keras-io-retinanet.ts';
import { kerasCvRetinaNet, kerasHubRetinaNet } from './keras-networks.ts';
import { kerasCvYolo } from './keras-yolo.ts';
import { mediapipeDetection } from './mediapipe-detection.ts';
import { modelGarden, modelGardenCandidates } from './model-garden.ts';
import { namelessDetection } from './nameless-detection.ts';
import { movenet } from './movenet.ts';
import { openImages } from './open-images.ts';
import { ssd7 } from './ssd7.ts';
import { ssdCandidates } from './ssd-candidates.ts';
import { tf2Detection } from './tf2-detection.ts';
import { yoloEnd2end } from './yolo-end2end.ts';
import { yoloV3Grids, yoloV4Grids } from './yolo-grids.ts';
import { yoloV3, yoloV5Suppressed } from './yolo-v3.ts';
import { yoloV4 } from './yolo-v4.ts';
import { yoloV5 } from './yolo-v5.ts';
import { yolo, yoloPose } from './yolo.ts';
import { tfliteDetection } from './tflite-detection.ts';

export interface HeadKind {
  readonly name: string;
  readonly match: HeadMatcher;
}

/** The kinds of detectors; of those with the same name, the first that matches is taken. */
export const HEADS: readonly HeadKind[] = [
  { name: 'tf2-detection', match: tf2Detection },
  { name: 'tf2-detection', match: namelessDetection },
  { name: 'open-images', match: openImages },
  { name: 'model-garden', match: modelGarden },
  { name: 'model-garden', match: modelGardenCandidates },
  { name: 'efficientdet', match: efficientDetRows },
  { name: 'efficientdet', match: efficientDetColumns },
  { name: 'efficientdet', match: efficientDetLevels },
  ...KERAS_CV_FORMATS.map(format => ({ name: `keras-cv:${format}`, match: kerasCv(format) })),
  { name: 'keras-cv-retinanet', match: kerasCvRetinaNet },
  { name: 'keras-cv-yolov8', match: kerasCvYolo },
  ...KERAS_HUB_FORMATS.map(format => ({ name: `keras-hub:${format}`, match: kerasHub(format) })),
  { name: 'keras-hub-retinanet', match: kerasHubRetinaNet },
  { name: 'keras-io-retinanet', match: kerasIoRetinaNet },
  { name: 'centernet-boxes', match: centernetBoxes },
  { name: 'ssd7', match: ssd7 },
  { name: 'yolo', match: yolo },
  { name: 'yolo-pose', match: yoloPose },
  { name: 'yolo-end2end', match: yoloEnd2end },
  { name: 'yolo-v5', match: yoloV5 },
  { name: 'yolo-v5', match: yoloV5Suppressed },
  { name: 'yolo-v4', match: yoloV4 },
  { name: 'yolo-v4-grids', match: yoloV4Grids },
  { name: 'yolo-v3-grids', match: yoloV3Grids },
  { name: 'yolo-v3', match: yoloV3 },
  { name: 'ssd-candidates', match: ssdCandidates },
  { name: 'blazeface', match: blazeface },
  { name: 'blazepalm', match: blazepalm },
  { name: 'blazepose', match: blazepose },
  { name: 'movenet', match: movenet },
  { name: 'tflite-detection', match: tfliteDetection },
  { name: 'mediapipe-detection', match: mediapipeDetection },
];

export const HEAD_NAMES: readonly string[] = [...new Set(HEADS.map(({ name }) => name))];

/** Heads that differ by a format are one family. */
export const familyOf = (name: string): string => name.replace(/:.*/, ':FORMAT');

export const HEAD_FAMILIES: readonly string[] = [...new Set(HEAD_NAMES.map(familyOf))];
