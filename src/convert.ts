import { withinAsync } from './errors.ts';
import type { Ir, RtInfo } from './ov/ir/ir.ts';
import { writeIr } from './ov/ir/write-ir.ts';
import { countNodes, type Graph } from './ov/graph.ts';
import type { Count } from './ov/passes/change.ts';
import type { Changes } from './ov/passes/index.ts';
import { type Pass, type RarePass, runPass } from './ov/passes/pass.ts';
import type { Preprocessing } from './preprocess/steps.ts';
import type { Source } from './source/source.ts';
import type { InferenceGraph } from './tf/inference-graph.ts';
import { readModel } from './tf/formats/read-model.ts';
import { PREPARE_STEPS, type PrepareOptions } from './tf/prepare/prepare-steps.ts';
import { selectSignature } from './tf/prepare/select-signature.ts';
import type { TfModel } from './tf/model.ts';
import { dimOf } from './translate/input-shape.ts';
import { adviseOutputs } from './tf/training-graph.ts';
import type { TranslateOptions } from './translate/translate.ts';

/** A graph, at once or when the code that changes it is loaded. */
type Changed = Graph | Promise<Graph>;

export interface ConvertOptions extends PrepareOptions, TranslateOptions {
  /** Stores weights as f16, which OpenVINO decompresses to f32; true by default. */
  readonly compressToFp16?: boolean;
  /**
   * Computes 3x3 convolutions of many channels in tiles with a quarter of the multiplications, which is faster in f32 on CPUs;
   * true by default.
   */
  readonly winograd?: boolean;
  readonly preprocess?: Preprocessing | undefined;
  /** Rewrites the outputs of `graph`, which includes preprocessing; `translated` does not. */
  readonly arrange?: ((graph: Graph, translated: Graph) => Changed) | undefined;
  /** Adds the suppression of overlapping boxes to the translated graph. */
  readonly appendNms?: ((graph: Graph) => Changed) | undefined;
  /** Limits the detections in the outputs of the translated graph. */
  readonly limitDetections?: ((graph: Graph) => Changed) | undefined;
  /** Changes how detections are selected, in a graph with one NMS for all classes. */
  readonly postProcess?: ((graph: Graph, translated: Graph, model: TfModel) => Changed) | undefined;
  /** Called after each step. A promise that it returns is awaited, so that a page can be drawn between steps. */
  readonly onStep?: ((step: ConversionStep) => unknown) | undefined;
}

export interface ConversionResult {
  readonly model: TfModel;
  readonly prepared: InferenceGraph;
  /** Before preprocessing and passes; `graph` is the one after. */
  readonly translated: Graph;
  readonly graph: Graph;
  readonly notes: readonly string[];
  readonly steps: readonly ConversionStep[];
}

/**
 * What a step did: `ops` is the number of ops after it, `changes` counts by kind of change, and `progress` is the share of
 * all steps that are done, 0..1.
 */
export interface ConversionStep {
  readonly stage: 'read' | 'prepare' | 'translate' | 'preprocess' | 'optimize' | 'compress';
  readonly name: string;
  readonly ms: number;
  readonly ops: number;
  readonly changes: Changes;
  readonly progress: number;
}

export type ConversionValues = Partial<Pick<ConversionResult, 'model' | 'prepared' | 'translated' | 'graph'>> & {
  readonly source?: Source;
};

/** `place` is added to errors; steps without one add more precise places. `label` replaces `name` in reports. */
export interface Step extends Pick<ConversionStep, 'stage' | 'name'> {
  readonly place?: string;
  label?(values: ConversionValues): string;
  isNeeded?(values: ConversionValues): boolean;
  run(values: ConversionValues, count: Count): ConversionValues | Promise<ConversionValues>;
}

/** What works on OpenVINO graphs is loaded here, so that pages and programs which import a converter start without it. */
export async function conversionSteps(options: ConvertOptions = {}): Promise<readonly Step[]> {
  const [{ translate }, { COMPRESSION, PASSES }, { winograd }] = await Promise.all([
    import('./translate/translate.ts'),
    import('./ov/passes/index.ts'),
    import('./ov/passes/winograd.ts'),
  ]);
  const { preprocess, arrange, appendNms, limitDetections, postProcess, compressToFp16 = true } = options;
  const steps: Step[] = [
    read,
    prepareStep('select-signature', model => selectSignature(model, options)),
    ...PREPARE_STEPS.map(step => prepareStep(step.name, (model, graph) => step.run(graph!, model, options))),
    translateStep(prepared => translate(prepared, options)),
  ];
  if (appendNms !== undefined) {
    steps.push({
      ...graphStep('translate', 'append-nms', appendNms),
      async run({ graph }) {
        const selected = await appendNms(graph!);
        return { translated: selected, graph: selected };
      },
    });
  }
  if (limitDetections !== undefined) {
    steps.push(graphStep('translate', 'limit-detections', limitDetections));
  }
  if (preprocess !== undefined) {
    const { addPreprocessing } = await import('./preprocess/add-preprocessing.ts');
    steps.push(graphStep('preprocess', 'add-preprocessing', graph => addPreprocessing(graph, preprocess)));
  }
  if (arrange !== undefined) {
    steps.push(graphStep('translate', 'arrange-outputs', (graph, { translated }) => arrange(graph, translated!)));
  }
  const passes = PASSES.map(pass => passStep('optimize', pass));
  if (postProcess !== undefined) {
    const step = graphStep('optimize', 'post-process', (graph, { translated, model }) =>
      postProcess(graph, translated!, model!),
    );
    passes.splice(
      PASSES.findIndex(({ name }) => name === 'cut-candidates'),
      0,
      step,
    );
  }
  steps.push(...passes);
  steps.push(LOOP_OVER_BATCH);
  if (compressToFp16) steps.push(...COMPRESSION.map(pass => passStep('compress', pass)));
  // After the compression, which would round the constants that it adds.
  if (options.winograd !== false) steps.push(passStep('optimize', winograd));
  return options.outputs === undefined ? steps.map(withAdvice) : steps;
}

const withAdvice = (step: Step): Step => ({
  ...step,
  async run(values, count) {
    try {
      return await step.run(values, count);
    } catch (thrown) {
      throw adviseOutputs(thrown, values.model);
    }
  },
});

export const runConversion = async (source: Source, options: ConvertOptions = {}): Promise<ConversionResult> =>
  resultOf(await conversionSteps(options), { source }, options);

export const convertTfModel = async (model: TfModel, options: ConvertOptions = {}): Promise<ConversionResult> =>
  resultOf((await conversionSteps(options)).slice(1), { model }, options);

async function resultOf(
  steps: readonly Step[],
  start: ConversionValues,
  { onStep }: ConvertOptions,
): Promise<ConversionResult> {
  const reports: ConversionStep[] = [];
  const values = await runSteps(steps, start, step => {
    reports.push(step);
    return onStep?.(step);
  });
  const { model, prepared, translated, graph } = values as Required<ConversionValues>;
  return { model, prepared, translated, graph, notes: prepared.notes, steps: reports };
}

export async function runSteps(
  steps: readonly Step[],
  start: ConversionValues,
  onStep?: (step: ConversionStep) => unknown,
): Promise<ConversionValues> {
  let values = start;
  for (const [i, step] of steps.entries()) {
    if (step.isNeeded?.(values) === false) continue;
    const { stage, name, place } = step;
    const changes: Record<string, number> = {};
    const count: Count = (change, times = 1) => void (changes[change] = (changes[change] ?? 0) + times);
    const run = async (): Promise<ConversionValues> => step.run(values, count);
    const begin = performance.now();
    values = { ...values, ...(await (place === undefined ? run() : withinAsync(place, run))) };
    const ms = performance.now() - begin;
    const progress = (i + 1) / steps.length;
    await onStep?.({ stage, name: step.label?.(values) ?? name, ms, ops: opsIn(values), changes, progress });
  }
  return values;
}

const opsIn = ({ model, prepared, graph }: ConversionValues): number =>
  graph === undefined ? (prepared ?? model!).graph.size : countNodes(graph);

const read: Step = {
  stage: 'read',
  name: 'read',
  label: ({ model }) => model!.format,
  run: async ({ source }) => ({ model: await readModel(source!) }),
};

const prepareStep = (
  name: string,
  run: (model: TfModel, graph: InferenceGraph | undefined) => InferenceGraph | Promise<InferenceGraph>,
): Step => ({
  stage: 'prepare',
  name,
  place: `in step ${name}`,
  run: async ({ model, prepared }) => ({ prepared: await run(model!, prepared) }),
});

const translateStep = (translate: (prepared: InferenceGraph) => Promise<Graph>): Step => ({
  stage: 'translate',
  name: 'translate',
  label: () => 'ops',
  async run({ prepared }) {
    const graph = await translate(prepared!);
    return { translated: graph, graph };
  },
});

const graphStep = (
  stage: Step['stage'],
  name: string,
  run: (graph: Graph, values: ConversionValues, count: Count) => Changed,
): Step => ({
  stage,
  name,
  place: `in step ${name}`,
  run: async (values, count) => ({ graph: await run(values.graph!, values, count) }),
});

const passStep = (stage: Step['stage'], pass: Pass | RarePass): Step =>
  graphStep(stage, pass.name, async (graph, _, count) => runPass(pass, graph, count));

/** For models saved with a batch of 1 and converted for another. */
const LOOP_OVER_BATCH: Step = {
  ...graphStep('optimize', 'batch-loop', async (graph, { prepared }, count) => {
    const { batchLoop } = await import('./ov/passes/batch-loop.ts');
    return batchLoop(dimOf('batch', prepared!.batch!)).run(graph, count);
  }),
  isNeeded: ({ prepared }) => prepared!.batch !== undefined,
};

export const toIr = (graph: Graph, rtInfo: RtInfo = {}): Ir => writeIr(graph, { rtInfo });
