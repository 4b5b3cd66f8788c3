import type { HeadChoice } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Nms } from '../detect/nms.ts';
import { DecantError } from '../errors.ts';
import { classesIn, classIdsOf, type Labels, labelOf } from '../labels/labels.ts';
import type { Graph } from '../ov/graph.ts';
import type { TfModel } from '../tf/model.ts';
import type { ConvertOptions } from '../convert.ts';

/** Changes of a detector's own post-processing: of the last stage, if there are several. */
export interface PostProcessingOptions {
  /** Score that detections must exceed, 0..1, as if the model had been exported with this threshold. */
  readonly scoreThreshold?: number | undefined;
  /** Overlap (IoU) above which the better of two boxes suppresses the other, 0..1; not for CenterNet. */
  readonly iouThreshold?: number | undefined;
  /** The number of detections that the model returns; no more than it does without this option. */
  readonly maxDetections?: number | undefined;
  /** The only classes to detect, by name or id, as a list or as text: `person,dog,7`. Their ids stay the same. */
  readonly keepClasses?: string | readonly (string | number)[] | undefined;
  /**
   * Adds non-maximum suppression to a model that returns all candidates, such as YOLO: its output becomes rows
   * `[1, N, 6]` of xmin, ymin, xmax, ymax in pixels of the input, score and class.
   */
  readonly nms?: boolean | undefined;
}

type MaybePromise<T> = T | Promise<T>;

interface Steps extends Pick<ConvertOptions, 'appendNms' | 'limitDetections'> {
  readonly postProcess?: (graph: Graph, translated: Graph, model: Pick<TfModel, 'detector'>) => Promise<Graph>;
}

/** Returns the chosen kind of detector of the converted model: non-maximum suppression changes it. */
export const headAfter = ({
  head,
  nms,
}: Pick<PostProcessingOptions, 'nms'> & { readonly head?: HeadChoice | undefined }): HeadChoice | undefined =>
  nms === true ? 'yolo-end2end' : head;

/**
 * Returns the steps of a conversion that change the post-processing.
 *
 * @param labelsOf returns the class names of a translated model
 * @param head the chosen kind of detector
 * @param headOf returns the kind of detector that a graph is
 * @throws DecantError `invalid-argument` for numbers out of range
 */
export function postProcessingSteps(
  { scoreThreshold, iouThreshold, maxDetections, keepClasses, nms = false }: PostProcessingOptions,
  labelsOf: (translated: Graph, model: Pick<TfModel, 'detector'>) => MaybePromise<Labels | undefined>,
  head: HeadChoice | undefined,
  headOf: (graph: Graph) => MaybePromise<Head | undefined> = async graph =>
    (await import('./graph-head.ts')).matchGraphHead(graph, head),
): Steps {
  checkFraction('score', scoreThreshold);
  checkFraction('IoU', iouThreshold);
  if (maxDetections !== undefined && !(Number.isInteger(maxDetections) && maxDetections > 0)) {
    throw new DecantError('invalid-argument', `the number of detections must be 1 or more, got ${maxDetections}`);
  }
  const classes = keepClasses === undefined ? undefined : classesToKeep(keepClasses);
  const changes = [scoreThreshold, iouThreshold, classes].some(option => option !== undefined);
  if (nms) {
    const given = { scoreThreshold, iouThreshold, maxDetections };
    return {
      async appendNms(graph) {
        const { findGraphHead } = await import('./graph-head.ts');
        const found = findGraphHead(graph, head);
        const classIds = classes && new Set(idsOf(classes, await labelsOf(graph, {})));
        return withNms(graph, found, { ...definedIn(given), ...(classIds && { classIds }) });
      },
    };
  }
  return {
    ...(maxDetections !== undefined && {
      async limitDetections(graph) {
        const found = await headOf(graph);
        // Detectors that suppress boxes outside of the graph read the number from the IR.
        if (found?.nms !== undefined) return graph;
        const { limitDetections } = await import('../post-processing/limit-detections.ts');
        return limitDetections(graph, found?.encoding, maxDetections);
      },
    }),
    ...(changes && {
      async postProcess(graph, translated, model) {
        const found = await headOf(translated);
        const ids = classes && idsOf(classes, await labelsOf(translated, model));
        if (found?.nms !== undefined) return graph;
        const firstId = found?.firstClassId ?? 0;
        const { changePostProcessing } = await import('../post-processing/post-processing.ts');
        return changePostProcessing(graph, { scoreThreshold, iouThreshold, classes: ids && { ids, firstId } });
      },
    }),
  };
}

async function withNms(graph: Graph, { name, candidates, nms }: Head, changes: Partial<Nms>): Promise<Graph> {
  if (candidates?.boxes === 'centers' && nms !== undefined) {
    const { classIds, ...rest } = { ...nms, ...changes };
    const { appendNms } = await import('../post-processing/append-nms.ts');
    return appendNms(graph, candidates, rest, classIds);
  }
  throw new DecantError('unsupported', `non-maximum suppression cannot be added to a model of kind ${name}`, {
    remedy:
      nms === undefined
        ? 'Its outputs are detections already: leave --nms out.'
        : 'Leave --nms out: `decant detect` suppresses boxes that overlap.',
  });
}

const definedIn = <T extends object>(options: T): { readonly [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };

/** The options as `rt_info` states them. @param labels those of the converted model */
export function postProcessingInfo(
  { scoreThreshold, iouThreshold, maxDetections, keepClasses }: PostProcessingOptions,
  labels: Labels | undefined = new Map(),
): Readonly<Record<string, string>> {
  const ids = keepClasses === undefined ? undefined : idsOf(classesToKeep(keepClasses), labels);
  const classes = ids?.map(id => (labels.has(id) ? `${id} ${labelOf(labels, id)}` : String(id)));
  const facts = {
    score_threshold: scoreThreshold,
    iou_threshold: iouThreshold,
    max_detections: maxDetections,
    keep_classes: classes?.join(', '),
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, String(fact)]])),
  );
}

function checkFraction(name: string, threshold: number | undefined): void {
  if (threshold === undefined || (threshold >= 0 && threshold <= 1)) return;
  throw new DecantError('invalid-argument', `the ${name} threshold must be between 0 and 1, got ${threshold}`);
}

function classesToKeep(given: string | readonly (string | number)[]): readonly (string | number)[] {
  const list = typeof given === 'string' ? given.split(',') : given;
  if (list.length === 0 || list.some(each => String(each).trim() === '')) {
    throw new DecantError('invalid-argument', `the classes to keep '${String(given)}' are not a list of names or ids`, {
      remedy: 'Separate them with commas: person,dog,7.',
    });
  }
  return classesIn(given);
}

/** Ids in ascending order. */
const idsOf = (classes: readonly (string | number)[], labels: Labels = new Map()): readonly number[] =>
  [...classIdsOf(labels, classes)].sort((a, b) => a - b);
