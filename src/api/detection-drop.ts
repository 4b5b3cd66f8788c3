import type { Head } from '../detect/heads/head.ts';
import { readDetections } from '../detect/detect-image.ts';
import type { Detection } from '../detect/detection.ts';
import { DecantError } from '../errors.ts';
import type { BoxLengths, CocoDataset, CocoResult } from '../eval/coco-dataset.ts';
import { evaluateCoco } from '../eval/evaluate-coco.ts';
import type { Graph } from '../ov/graph.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import type { Core } from '../runtime/core.ts';
import type { CalibrationSet } from './calibration-set.ts';

/** Lowest score of detections of the f32 model that count as objects. */
const TRUTH = 0.3;

/** Lowest score of detections that are compared with them. */
const LEAST = 0.01;

/** Measures the accuracy of graphs, with the detections of the f32 model on the calibration images as the truth. */
export class DetectionDrop {
  readonly #core: Core;
  readonly #head: Head;
  readonly #set: CalibrationSet;
  readonly #device: string;
  readonly #signal: AbortSignal | undefined;
  readonly #f32: Graph;
  #dataset: Promise<CocoDataset> | undefined;

  constructor(
    core: Core,
    f32: Graph,
    head: Head,
    set: CalibrationSet,
    { device, signal }: { readonly device: string; readonly signal?: AbortSignal | undefined },
  ) {
    this.#core = core;
    this.#head = head;
    this.#set = set;
    this.#device = device;
    this.#signal = signal;
    this.#f32 = f32;
  }

  /**
   * Returns by how much the mAP of a graph is below that of the f32 model, which is 1.
   *
   * @throws DecantError `invalid-argument` if the f32 model finds nothing in the images
   */
  readonly measure = async (graph: Graph): Promise<number> => {
    const dataset = await (this.#dataset ??= this.#detect(this.#f32).then(datasetOf));
    if (dataset.annotations.length === 0) {
      throw new DecantError(
        'invalid-argument',
        `the f32 model finds no object with a score of ${TRUTH} in the images`,
        {
          remedy: 'Give images with objects that the model knows, or leave out the largest drop.',
        },
      );
    }
    return 1 - evaluateCoco(dataset, (await this.#detect(graph)).flatMap(resultsOf)).stats.AP;
  };

  async #detect(graph: Graph): Promise<readonly (readonly Detection[])[]> {
    const { xml, bin } = writeIr(graph);
    using model = await this.#core.readModel({ xml, bin: joinBin(bin) });
    using compiled = await this.#core.compileModel(model, this.#device, { INFERENCE_PRECISION_HINT: 'f32' });
    using request = compiled.createInferRequest();
    const outputs = this.#head.requiredOutputs.map(({ names }) => names[0]!);
    const found: (readonly Detection[])[] = [];
    for await (const { image, inputs } of this.#set.read(this.#signal)) {
      if (image === undefined) continue;
      const tensors = await request.inferAsync(inputs, { outputs, signal: this.#signal });
      found.push(readDetections(this.#head, tensors, image, { threshold: LEAST, maxDetections: 100 }));
    }
    return found;
  }
}

const lengths = ({ xmin, ymin, xmax, ymax }: Detection['box']): BoxLengths => [xmin, ymin, xmax - xmin, ymax - ymin];

const resultsOf = (detections: readonly Detection[], imageId: number): readonly CocoResult[] =>
  detections.map(({ classId, score, box }) => ({ imageId, categoryId: classId, score, bbox: lengths(box) }));

function datasetOf(found: readonly (readonly Detection[])[]): CocoDataset {
  const objects = found.flatMap(resultsOf).filter(({ score }) => score >= TRUTH);
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
