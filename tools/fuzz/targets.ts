import type { Target } from './target.ts';
import { archive } from './targets/archive.ts';
import { checkpoint } from './targets/checkpoint.ts';
import { coco } from './targets/coco.ts';
import { frozenGraph } from './targets/frozen-graph.ts';
import { image } from './targets/image.ts';
import { ir } from './targets/ir.ts';
import { labels } from './targets/labels.ts';
import { modelJson } from './targets/model-json.ts';
import { savedModel } from './targets/saved-model.ts';
import { textGraph } from './targets/text-graph.ts';
import { tflite } from './targets/tflite.ts';

export const TARGETS: readonly Target[] = [
  frozenGraph,
  textGraph,
  savedModel,
  checkpoint,
  modelJson,
  ir,
  archive,
  labels,
  coco,
  image,
  tflite,
];
