import { expect, it } from 'vitest';
import { nearestNames } from './nearest-names.ts';

const names = [
  'detection_boxes',
  'detection_scores',
  'num_detections',
  'Postprocessor/BatchMultiClassNonMaxSuppression',
];

it('finds misspelled names, and paths by a part of them', () => {
  expect(nearestNames('detection_boxs', names)).toEqual(['detection_boxes']);
  expect(nearestNames('Detection_Score', names)).toEqual(['detection_scores']);
  expect(nearestNames('nonmaxsuppression', names)).toEqual(['Postprocessor/BatchMultiClassNonMaxSuppression']);
  expect(nearestNames('model/num_detections:0', names)).toEqual(['num_detections']);
});

it('counts swapped letters as one change', () => {
  expect(nearestNames('dgo', ['hot dog', 'dog', 'egg', 'tie'])).toEqual(['dog']);
  expect(nearestNames('GUP', ['CPU', 'GPU', 'NPU', 'AUTO'])[0]).toBe('GPU');
});

it('finds nothing if no name is close', () => {
  expect(nearestNames('x', ['a', 'b'])).toEqual([]);
  expect(nearestNames('zebra', names)).toEqual([]);
  expect(nearestNames('foo', ['yolo', 'coco'])).toEqual([]);
  expect(nearestNames('nope', ['p', 'n', 'nope2'])).toEqual(['nope2']);
});
