import { expect, it } from 'vitest';
import { findZooModel, nearestZooNames, ZOO_MODELS } from './zoo.ts';

it('has unique names and URLs', () => {
  expect(new Set(ZOO_MODELS.map(({ name }) => name)).size).toBe(ZOO_MODELS.length);
  expect(new Set(ZOO_MODELS.map(({ url }) => url)).size).toBe(ZOO_MODELS.length);
  for (const { name, url } of ZOO_MODELS) {
    expect(name).toMatch(/^[a-z0-9_]+(?:_coco17_(?:[tg]pu-\d+|od|kpts))?$/);
    expect(new URL(url).protocol).toBe('https:');
  }
});

it('finds models of the Hub and the zoo, with and without suffix', () => {
  expect(findZooModel('faster_rcnn_resnet50_v1_640x640')?.url).toBe(
    'https://www.kaggle.com/models/tensorflow/faster-rcnn-resnet-v1/frameworks/tensorFlow2/variations/faster-rcnn-resnet50-v1-640x640/versions/1?tf-hub-format=compressed',
  );
  expect(findZooModel('ssd_mobilenet_v2')?.url).toBe(
    'https://tfhub.dev/tensorflow/ssd_mobilenet_v2/2?tf-hub-format=compressed',
  );
  expect(findZooModel('ssd_mobilenet_v2_320x320')?.url).toBe(
    'https://download.tensorflow.org/models/object_detection/tf2/20200711/ssd_mobilenet_v2_320x320_coco17_tpu-8.tar.gz',
  );
  expect(findZooModel('faster_rcnn_resnet50_v1_640x640_coco17_tpu-8')?.from).toBe('zoo');
  expect(findZooModel('extremenet')?.url).toContain('/20210507/');
  expect(findZooModel('model')).toBeUndefined();
});

it('suggests similar names', () => {
  expect(nearestZooNames('eficientdet-D4')[0]).toBe('efficientdet_d4');
  expect(nearestZooNames('faster_rcnn_resnet50_v1_640')[0]).toBe('faster_rcnn_resnet50_v1_640x640');
  expect(nearestZooNames('mask rcnn inception')[0]).toMatch(/^mask_rcnn_inception/);
  expect(nearestZooNames('frozen_inference_graph.pb')).toEqual([]);
  expect(nearestZooNames('gone.json')).toEqual([]);
  expect(nearestZooNames('')).toEqual([]);
});
