import type { Head } from '../detect/heads/head.ts';
import { readDetections } from '../detect/detect-image.ts';
import type { Detection } from '../detect/detection.ts';
import { DecantError } from '../errors.ts';
import type { BoxLengths, CocoDataset, CocoResult } from '../eval/coco-dataset.ts';
import { datasetIds } from '../eval/dataset-ids.ts';
import { evaluateCoco } from '../eval/evaluate-coco.ts';
import type { Image } from '../image/image.ts';
import type { Labels } from '../labels/labels.ts';
import type { Graph } from '../ov/graph.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import type { Core } from '../runtime/core.ts';
import type { CalibrationSet } from './calibration-set.ts';

/** Lowest score of detections of the f32 model that count as objects. */
const TRUTH = 0.3;

/** Lowest score of detections that are compared with them. */
const LEAST = 0.01;

export interface DetectionDropOptions {
  readonly device: string;
  readonly signal?: AbortSignal | undefined;
  /** The truth; by default, the detections of the f32 model. */
  readonly annotations?: CocoDataset | undefined;
  /** Names of the classes, which those of the annotations match; by default, those of the head. */
  readonly labels?: Labels | undefined;
}

/** What a model finds in an image. */
interface Found {
  readonly image: Image;
  readonly detections: readonly Detection[];
}

/** The truth, how results refer to it, and the mAP of the f32 model. */
interface Truth {
  readonly dataset: CocoDataset;
  readonly resultsOf: (found: Found, index: number) => readonly CocoResult[];
  readonly best: number;
}

/** Measures the accuracy of graphs on the calibration images. */
export class DetectionDrop {
  readonly #core: Core;
  readonly #head: Head;
  readonly #set: CalibrationSet;
  readonly #options: DetectionDropOptions;
  readonly #f32: Graph;
  #truth: Promise<Truth> | undefined;

  constructor(core: Core, f32: Graph, head: Head, set: CalibrationSet, options: DetectionDropOptions) {
    this.#core = core;
    this.#head = head;
    this.#set = set;
    this.#options = options;
    this.#f32 = f32;
  }

  /**
   * Returns by how much the mAP of a graph is below that of the f32 model.
   *
   * @throws DecantError `invalid-argument` if the f32 model finds nothing in the images, `not-found` if one is not annotated
   */
  readonly measure = async (graph: Graph): Promise<number> => {
    const { dataset, resultsOf, best } = await (this.#truth ??= this.#findTruth());
    return best - evaluateCoco(dataset, (await this.#detect(graph)).flatMap(resultsOf)).stats.AP;
  };

  async #findTruth(): Promise<Truth> {
    const found = await this.#detect(this.#f32);
    const { annotations } = this.#options;
    if (annotations !== undefined) return annotatedTruth(annotations, found);
    const dataset = datasetOf(found);
    if (dataset.annotations.length > 0) return { dataset, resultsOf: resultsAt, best: 1 };
    throw new DecantError('invalid-argument', `the f32 model finds no objects with a score of ${TRUTH} in the images`, {
      remedy: 'Pass images with objects that the model knows, or leave out the maximum drop.',
    });
  }

  async #detect(graph: Graph): Promise<readonly Found[]> {
    const { device, signal, labels } = this.#options;
    using model = await this.#core.readModel(writeIr(graph));
    using compiled = await this.#core.compileModel(model, device, { INFERENCE_PRECISION_HINT: 'f32' });
    using request = compiled.createInferRequest();
    const outputs = this.#head.requiredOutputs.map(({ names }) => names[0]!);
    const found: Found[] = [];
    for await (const { image, inputs } of this.#set.read(signal)) {
      if (image === undefined) continue;
      const tensors = await request.inferAsync(inputs, { outputs, signal });
      const selection = { threshold: LEAST, maxDetections: 100, labels };
      found.push({ image, detections: readDetections(this.#head, tensors, image, selection) });
    }
    return found;
  }
}

function annotatedTruth(annotations: CocoDataset, found: readonly Found[]): Truth {
  const ids = datasetIds(annotations);
  const imageIds = new Set(found.map(({ image }) => ids.imageIdOf(image.name)));
  const dataset = { ...annotations, images: annotations.images.filter(({ id }) => imageIds.has(id)) };
  const resultsOf = ({ image, detections }: Found): readonly CocoResult[] => {
    const imageId = ids.imageIdOf(image.name);
    return detections.flatMap(detection => {
      const categoryId = ids.categoryIdOf(detection);
      return categoryId === undefined ? [] : [resultOf(detection, imageId, categoryId)];
    });
  };
  const best = evaluateCoco(dataset, found.flatMap(resultsOf)).stats.AP;
  if (best > 0) return { dataset, resultsOf, best };
  throw new DecantError('invalid-argument', 'the f32 model finds none of the annotated objects in the images', {
    remedy: 'Pass the annotated images, and annotations with the class names that the model has.',
  });
}

const lengths = ({ xmin, ymin, xmax, ymax }: Detection['box']): BoxLengths => [xmin, ymin, xmax - xmin, ymax - ymin];

const resultOf = ({ score, box }: Detection, imageId: CocoResult['imageId'], categoryId: number): CocoResult => ({
  imageId,
  categoryId,
  score,
  bbox: lengths(box),
});

const resultsAt = ({ detections }: Found, index: number): readonly CocoResult[] =>
  detections.map(detection => resultOf(detection, index, detection.classId));

function datasetOf(found: readonly Found[]): CocoDataset {
  const objects = found.flatMap(resultsAt).filter(({ score }) => score >= TRUTH);
  return {
    images: found.map((_, id) => ({ id, fileName: '', width: 0, height: 0 })),
    categories: [...new Set(objects.map(({ categoryId }) => categoryId))].map(id => ({ id, name: String(id) })),
    // COCO's metrics take the id 0 for no match.
    annotations: objects.map(({ imageId, categoryId, bbox }, i) => ({
      id: i + 1,
      imageId,
      categoryId,
      bbox,
      area: bbox[2] * bbox[3],
      crowd: false,
    })),
  };
}
