import { countNodes, type Graph } from './ov/graph.ts';
import type { Ir, RtInfo } from './ov/ir/ir.ts';
import { writeIr } from './ov/ir/write-ir.ts';
import { batchLoop } from './ov/passes/batch-loop.ts';
import { type Changes, COMPRESSION, PASSES, runPasses } from './ov/passes/index.ts';
import { addPreprocessing } from './preprocess/add-preprocessing.ts';
import type { Preprocessing } from './preprocess/steps.ts';
import type { Source } from './source/source.ts';
import type { InferenceGraph } from './tf/inference-graph.ts';
import { readModel } from './tf/formats/read-model.ts';
import { prepareModel, type PrepareOptions } from './tf/prepare/prepare-model.ts';
import type { TfModel } from './tf/model.ts';
import { dimOf } from './translate/input-shape.ts';
import { translate, type TranslateOptions } from './translate/translate.ts';

export interface ConvertOptions extends PrepareOptions, TranslateOptions {
  /** Weights stored as f16, from which OpenVINO restores f32; true by default. */
  readonly compressToFp16?: boolean;
  /** What the model does with frames before it looks at them, and with its outputs. */
  readonly preprocess?: Preprocessing | undefined;
  /** What becomes of the outputs, once preprocessing is in the graph; `translated` is the graph without it. */
  readonly arrange?: ((prepared: Graph, translated: Graph) => Graph) | undefined;
  /** Learns of each step when it is done. */
  readonly onStep?: ((step: ConversionStep) => void) | undefined;
}

/** What every arrow of the row gives; each of them can be looked at. */
export interface ConversionResult {
  /** The file as it was read. */
  readonly model: TfModel;
  /** One use of it, closed: no calls, no variables, no dead nodes. */
  readonly prepared: InferenceGraph;
  /** The same as OpenVINO ops, one TensorFlow op after the other. */
  readonly translated: Graph;
  /** As OpenVINO runs it best. */
  readonly graph: Graph;
  /** What the user should know about the result, as sentences. */
  readonly notes: readonly string[];
  /** How the row went, step by step. */
  readonly steps: readonly ConversionStep[];
}

/** What a step took and did. */
export interface ConversionStep {
  /** The arrow that it is a part of. */
  readonly stage: 'read' | 'close' | 'translate' | 'preprocess' | 'optimize' | 'compress';
  readonly name: string;
  readonly ms: number;
  /** The number of ops behind it. */
  readonly ops: number;
  /** How often it did what. */
  readonly changes: Changes;
}

/** The row of arrows: bytes -> TF model -> closed TF graph -> OV graph -> passes. */
export async function runConversion(source: Source, options: ConvertOptions = {}): Promise<ConversionResult> {
  const done = stopwatch();
  const model = await readModel(source);
  const read = done('read', model.format, model.graph.size);
  options.onStep?.(read);
  const stages = convertModelGraph(model, options);
  return { ...stages, steps: [read, ...stages.steps] };
}

export function convertModelGraph(model: TfModel, options: ConvertOptions = {}): ConversionResult {
  const { preprocess, arrange, compressToFp16 = true, onStep } = options;
  const done = stopwatch();
  const steps: ConversionStep[] = [];
  const add = (step: ConversionStep): void => {
    steps.push(step);
    onStep?.(step);
  };
  const note = (stage: ConversionStep['stage'], name: string, graph: Graph, changes?: Changes): void => {
    add(done(stage, name, countNodes(graph), changes));
  };
  const closed = prepareModel(model, options, (name, { graph }) => add(done('close', name, graph.size)));
  const translated = translate(closed, options);
  note('translate', 'ops', translated);
  const prepared = preprocess === undefined ? translated : addPreprocessing(translated, preprocess);
  if (prepared !== translated) note('preprocess', 'frames', prepared);
  const arranged = arrange === undefined ? prepared : arrange(prepared, translated);
  if (arranged !== prepared) note('translate', 'layout', arranged);
  const single = runPasses(arranged, PASSES, (...pass) => note('optimize', ...pass));
  const optimized = closed.batch === undefined ? single : batchLoop(single, dimOf('batch', closed.batch));
  if (optimized !== single) note('optimize', 'batch-loop', optimized);
  const graph = compressToFp16 ? runPasses(optimized, COMPRESSION, (...pass) => note('compress', ...pass)) : optimized;
  return { model, prepared: closed, translated, graph, notes: closed.notes, steps };
}

/** Tells of each step when it is done: how long it is since the one before. */
function stopwatch(): (stage: ConversionStep['stage'], name: string, ops: number, changes?: Changes) => ConversionStep {
  let last = performance.now();
  return (stage, name, ops, changes = {}) => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    return { stage, name, ms, ops, changes };
  };
}

/** The last arrow: a graph as the two files of an IR. */
export const toIr = (graph: Graph, rtInfo: RtInfo = {}): Ir => writeIr(graph, { rtInfo });
