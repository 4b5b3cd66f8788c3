import type { Graph } from './ov/graph.ts';
import type { Ir, RtInfo } from './ov/ir/ir.ts';
import { writeIr } from './ov/ir/write.ts';
import { oneByOne } from './ov/one-by-one.ts';
import { COMPRESSION, PASSES, runPasses } from './ov/passes/index.ts';
import { addPreprocessing } from './preprocess/add-preprocessing.ts';
import type { Preprocessing } from './preprocess/steps.ts';
import type { Source } from './source/source.ts';
import type { ClosedModel } from './tf/closed-model.ts';
import { readModel } from './tf/formats/read-model.ts';
import { closeModel, type CloseOptions } from './tf/lower/close.ts';
import type { TfModel } from './tf/model.ts';
import { dimOf } from './translate/input-shape.ts';
import { translate, type TranslateOptions } from './translate/translate.ts';

export interface ConvertOptions extends CloseOptions, TranslateOptions {
  /** Weights stored as f16, from which OpenVINO restores f32; true by default. */
  readonly compressToFp16?: boolean;
  /** What the model does with frames before it looks at them, and with its outputs. */
  readonly preprocess?: Preprocessing | undefined;
}

/** What every arrow of the row gives; each of them can be looked at. */
export interface Stages {
  /** The file as it was read. */
  readonly model: TfModel;
  /** One use of it, closed: no calls, no variables, no dead nodes. */
  readonly closed: ClosedModel;
  /** The same as OpenVINO ops, one TensorFlow op after the other. */
  readonly translated: Graph;
  /** As OpenVINO runs it best. */
  readonly graph: Graph;
  /** What the user should know about the result, as sentences. */
  readonly notes: readonly string[];
}

/** The row of arrows: bytes -> TF model -> closed TF graph -> OV graph -> passes. */
export const convertStages = async (source: Source, options: ConvertOptions = {}): Promise<Stages> =>
  stagesOf(await readModel(source), options);

export function stagesOf(model: TfModel, options: ConvertOptions = {}): Stages {
  const closed = closeModel(model, options);
  const translated = translate(closed, options);
  const prepared = options.preprocess === undefined ? translated : addPreprocessing(translated, options.preprocess);
  const single = runPasses(prepared, PASSES);
  const optimized = closed.batch === undefined ? single : oneByOne(single, dimOf('batch', closed.batch));
  const graph = options.compressToFp16 === false ? optimized : runPasses(optimized, COMPRESSION);
  return { model, closed, translated, graph, notes: closed.notes };
}

/** The last arrow: a graph as the two files of an IR. */
export const toIr = (graph: Graph, rtInfo: RtInfo = {}): Ir => writeIr(graph, { rtInfo });
