import { expect, it } from 'vitest';
import type { Ports } from '../detect/heads/port.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph } from '../ov/graph.ts';
import { sizeOf, tensorOf } from '../tensor/tensor.ts';
import { keepDetections } from './keep-detections.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

const DETECTIONS: Shapes = {
  detection_boxes: [1, 3, 4],
  detection_classes: [1, 3],
  detection_scores: [1, 3],
  num_detections: [1],
};

/** Outputs after keeping those of detections. */
function kept(outputs: Shapes): readonly string[] {
  const b = new Builder();
  const graph: Graph = {
    name: 'detector',
    inputs: new Map([['image', b.parameter('image', 'u8', [1, 64, 64, 3])]]),
    outputs: new Map(
      Object.entries(outputs).map(([name, shape]) => [
        name,
        b.constant(tensorOf('f32', shape, Array<number>(sizeOf(shape)).fill(0))),
      ]),
    ),
  };
  const ports: Ports = {
    inputs: [{ names: ['image'], type: 'u8', shape: [1, 64, 64, 3] }],
    outputs: Object.entries(outputs).map(([name, shape]) => ({ names: [name], type: 'f32', shape })),
  };
  return [...keepDetections(graph, ports).outputs.keys()];
}

it.each([90, 91])('leaves out all other outputs with the %i classes of COCO', count => {
  const others = {
    detection_anchor_indices: [1, 3],
    detection_multiclass_scores: [1, 3, count],
    raw_detection_boxes: [1, 9, 4],
    raw_detection_scores: [1, 9, count],
  };
  expect(kept({ ...others, ...DETECTIONS })).toEqual(Object.keys(DETECTIONS));
});

it('keeps one output that shows the number of classes', () => {
  const others = { detection_multiclass_scores: [1, 3, 5], raw_detection_scores: [1, 9, 5] };
  expect(kept({ ...DETECTIONS, ...others })).toEqual([...Object.keys(DETECTIONS), 'detection_multiclass_scores']);
});

it('keeps masks and keypoints', () => {
  const outputs = {
    ...DETECTIONS,
    detection_masks: [1, 3, 4, 4],
    detection_keypoints: [1, 3, 17, 2],
    detection_keypoint_scores: [1, 3, 17],
  };
  expect(kept({ ...outputs, detection_boxes_strided: [1, 3, 4] })).toEqual(Object.keys(outputs));
});

it('leaves out the candidates of outputs without names', () => {
  const outputs: Shapes = {
    Identity: [1, 3],
    Identity_1: [1, 3, 4],
    Identity_2: [1, 3],
    Identity_4: [1, 3],
    Identity_5: [1],
    Identity_6: [1, 9, 4],
    Identity_7: [1, 9, 91],
  };
  expect(kept(outputs)).toEqual(['Identity_1', 'Identity_2', 'Identity_4', 'Identity_5']);
});

it('keeps all outputs of other models', () => {
  const outputs = { probabilities: [1, 1000], features: [1, 64] };
  expect(kept(outputs)).toEqual(Object.keys(outputs));
});
