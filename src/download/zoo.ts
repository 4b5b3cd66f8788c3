export interface ZooModel {
  readonly name: string;
  /** TensorFlow's detection zoo, whose archives also hold checkpoints, or TensorFlow Hub, whose archives do not. */
  readonly from: 'zoo' | 'hub';
  readonly url: string;
  readonly outputs: 'boxes' | 'boxes, keypoints' | 'boxes, masks';
  /** mAP on COCO 2017 as published: of boxes, boxes/keypoints or boxes/masks. */
  readonly map: string | undefined;
}

const ARCHIVES: readonly (readonly [date: string, name: string, map?: string])[] = [
  ['20200713', 'centernet_hg104_512x512_coco17_tpu-8', '41.9'],
  ['20200711', 'centernet_hg104_512x512_kpts_coco17_tpu-32', '40.0/61.4'],
  ['20200713', 'centernet_hg104_1024x1024_coco17_tpu-32', '44.5'],
  ['20200711', 'centernet_hg104_1024x1024_kpts_coco17_tpu-32', '42.8/64.5'],
  ['20200711', 'centernet_resnet50_v1_fpn_512x512_coco17_tpu-8', '31.2'],
  ['20200711', 'centernet_resnet50_v1_fpn_512x512_kpts_coco17_tpu-8', '29.3/50.7'],
  ['20200711', 'centernet_resnet101_v1_fpn_512x512_coco17_tpu-8', '34.2'],
  ['20200711', 'centernet_resnet50_v2_512x512_coco17_tpu-8', '29.5'],
  ['20200711', 'centernet_resnet50_v2_512x512_kpts_coco17_tpu-8', '27.6/48.2'],
  ['20210210', 'centernet_mobilenetv2fpn_512x512_coco17_od', '23.4'],
  ['20210210', 'centernet_mobilenetv2fpn_512x512_coco17_kpts', '41.7'],
  ['20200711', 'efficientdet_d0_coco17_tpu-32', '33.6'],
  ['20200711', 'efficientdet_d1_coco17_tpu-32', '38.4'],
  ['20200711', 'efficientdet_d2_coco17_tpu-32', '41.8'],
  ['20200711', 'efficientdet_d3_coco17_tpu-32', '45.4'],
  ['20200711', 'efficientdet_d4_coco17_tpu-32', '48.5'],
  ['20200711', 'efficientdet_d5_coco17_tpu-32', '49.7'],
  ['20200711', 'efficientdet_d6_coco17_tpu-32', '50.5'],
  ['20200711', 'efficientdet_d7_coco17_tpu-32', '51.2'],
  ['20200711', 'ssd_mobilenet_v2_320x320_coco17_tpu-8', '20.2'],
  ['20200711', 'ssd_mobilenet_v1_fpn_640x640_coco17_tpu-8', '29.1'],
  ['20200711', 'ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8', '22.2'],
  ['20200711', 'ssd_mobilenet_v2_fpnlite_640x640_coco17_tpu-8', '28.2'],
  ['20200711', 'ssd_resnet50_v1_fpn_640x640_coco17_tpu-8', '34.3'],
  ['20200711', 'ssd_resnet50_v1_fpn_1024x1024_coco17_tpu-8', '38.3'],
  ['20200711', 'ssd_resnet101_v1_fpn_640x640_coco17_tpu-8', '35.6'],
  ['20200711', 'ssd_resnet101_v1_fpn_1024x1024_coco17_tpu-8', '39.5'],
  ['20200711', 'ssd_resnet152_v1_fpn_640x640_coco17_tpu-8', '35.4'],
  ['20200711', 'ssd_resnet152_v1_fpn_1024x1024_coco17_tpu-8', '39.6'],
  ['20200711', 'faster_rcnn_resnet50_v1_640x640_coco17_tpu-8', '29.3'],
  ['20200711', 'faster_rcnn_resnet50_v1_1024x1024_coco17_tpu-8', '31.0'],
  ['20200711', 'faster_rcnn_resnet50_v1_800x1333_coco17_gpu-8', '31.6'],
  ['20200711', 'faster_rcnn_resnet101_v1_640x640_coco17_tpu-8', '31.8'],
  ['20200711', 'faster_rcnn_resnet101_v1_1024x1024_coco17_tpu-8', '37.1'],
  ['20200711', 'faster_rcnn_resnet101_v1_800x1333_coco17_gpu-8', '36.6'],
  ['20200711', 'faster_rcnn_resnet152_v1_640x640_coco17_tpu-8', '32.4'],
  ['20200711', 'faster_rcnn_resnet152_v1_1024x1024_coco17_tpu-8', '37.6'],
  ['20200711', 'faster_rcnn_resnet152_v1_800x1333_coco17_gpu-8', '37.4'],
  ['20200711', 'faster_rcnn_inception_resnet_v2_640x640_coco17_tpu-8', '37.7'],
  ['20200711', 'faster_rcnn_inception_resnet_v2_1024x1024_coco17_tpu-8', '38.7'],
  ['20200711', 'mask_rcnn_inception_resnet_v2_1024x1024_coco17_gpu-8', '39.0/34.6'],
  ['20210507', 'extremenet'],
];

const HANDLES = [
  'centernet/hourglass_512x512/1',
  'centernet/hourglass_512x512_kpts/1',
  'centernet/hourglass_1024x1024/1',
  'centernet/hourglass_1024x1024_kpts/1',
  'centernet/resnet50v1_fpn_512x512/1',
  'centernet/resnet50v1_fpn_512x512_kpts/1',
  'centernet/resnet101v1_fpn_512x512/1',
  'centernet/resnet50v2_512x512/1',
  'centernet/resnet50v2_512x512_kpts/1',
  'efficientdet/d0/1',
  'efficientdet/d1/1',
  'efficientdet/d2/1',
  'efficientdet/d3/1',
  'efficientdet/d4/1',
  'efficientdet/d5/1',
  'efficientdet/d6/1',
  'efficientdet/d7/1',
  'ssd_mobilenet_v2/2',
  'ssd_mobilenet_v1/fpn_640x640/1',
  'ssd_mobilenet_v2/fpnlite_320x320/1',
  'ssd_mobilenet_v2/fpnlite_640x640/1',
  'retinanet/resnet50_v1_fpn_640x640/1',
  'retinanet/resnet50_v1_fpn_1024x1024/1',
  'retinanet/resnet101_v1_fpn_640x640/1',
  'retinanet/resnet101_v1_fpn_1024x1024/1',
  'retinanet/resnet152_v1_fpn_640x640/1',
  'retinanet/resnet152_v1_fpn_1024x1024/1',
  'faster_rcnn/resnet50_v1_640x640/1',
  'faster_rcnn/resnet50_v1_1024x1024/1',
  'faster_rcnn/resnet50_v1_800x1333/1',
  'faster_rcnn/resnet101_v1_640x640/1',
  'faster_rcnn/resnet101_v1_1024x1024/1',
  'faster_rcnn/resnet101_v1_800x1333/1',
  'faster_rcnn/resnet152_v1_640x640/1',
  'faster_rcnn/resnet152_v1_1024x1024/1',
  'faster_rcnn/resnet152_v1_800x1333/1',
  'faster_rcnn/inception_resnet_v2_640x640/1',
  'faster_rcnn/inception_resnet_v2_1024x1024/1',
  'mask_rcnn/inception_resnet_v2_1024x1024/1',
] as const;

/** Handles that have moved since; the others are found at their old address. */
const ON_KAGGLE: Readonly<Record<string, string>> = {
  'faster_rcnn/resnet50_v1_640x640/1':
    'faster-rcnn-resnet-v1/frameworks/tensorFlow2/variations/faster-rcnn-resnet50-v1-640x640/versions/1',
};

const ZOO = 'https://download.tensorflow.org/models/object_detection/tf2';
const HUB = 'https://tfhub.dev/tensorflow';
const KAGGLE = 'https://www.kaggle.com/models/tensorflow';

/** Query for TensorFlow Hub and Kaggle to send the model instead of a page about it. */
export const AS_ARCHIVE = 'tf-hub-format=compressed';

function outputsOf(name: string): ZooModel['outputs'] {
  if (name.includes('kpts')) return 'boxes, keypoints';
  return name.startsWith('mask_') ? 'boxes, masks' : 'boxes';
}

export const ZOO_MODELS: readonly ZooModel[] = [
  ...HANDLES.map((handle): ZooModel => {
    const name = handle.replace(/\/\d+$/, '').replaceAll('/', '_');
    const page = handle in ON_KAGGLE ? `${KAGGLE}/${ON_KAGGLE[handle]!}` : `${HUB}/${handle}`;
    return { name, from: 'hub', url: `${page}?${AS_ARCHIVE}`, outputs: outputsOf(name), map: undefined };
  }),
  ...ARCHIVES.map(([date, name, map]): ZooModel => ({
    name,
    from: 'zoo',
    url: `${ZOO}/${date}/${name}.tar.gz`,
    outputs: outputsOf(name),
    map,
  })),
];

/** Suffix of names in the zoo: training data and hardware. */
const TRAINING_SUFFIX = /_coco17_.*$/;

export const findZooModel = (name: string): ZooModel | undefined =>
  ZOO_MODELS.find(model => model.name === name) ??
  ZOO_MODELS.find(model => model.name.replace(TRAINING_SUFFIX, '') === name);

const MIN_SIMILARITY = 0.4;

/** @param least similarity, 0..1, of the names */
export function nearestZooNames(text: string, least = MIN_SIMILARITY, max = 3): readonly string[] {
  const pairs = pairsOf(text);
  return ZOO_MODELS.map(({ name }) => ({
    name,
    similarity: similarity(pairs, pairsOf(name.replace(TRAINING_SUFFIX, ''))),
  }))
    .filter(({ similarity }) => similarity >= least)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, max)
    .map(({ name }) => name);
}

const pairsOf = (text: string): ReadonlySet<string> => {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  return new Set(Array.from({ length: Math.max(0, plain.length - 1) }, (_, i) => plain.slice(i, i + 2)));
};

/** Dice coefficient of letter pairs, 0..1. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter(pair => b.has(pair)).length;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}
