import { DecantError } from '../errors.ts';
import type { TfModel } from './model.ts';

const OPTIMIZERS = /^(?:Resource)?(?:Sparse)?Apply[A-Z]/;

/** Whether the outputs of a model were chosen among the nodes of a training graph. */
const isTrainingGraph = ({ format, signatures, graph }: TfModel): boolean =>
  signatures.size === 0 && (format === 'meta-graph' || [...graph.values()].some(({ op }) => OPTIMIZERS.test(op)));

/** Adds the advice to choose outputs to the error of a training graph: losses and input pipelines are outputs otherwise. */
export function adviseOutputs(thrown: unknown, model: TfModel | undefined): unknown {
  const isAboutOps = thrown instanceof DecantError && ['unsupported', 'not-found'].includes(thrown.code);
  if (!isAboutOps || model === undefined || !isTrainingGraph(model)) return thrown;
  const { code, message, cause, where, remedy = '' } = thrown;
  const advice = 'The graph was saved for training: choose its outputs for inference with --output NAME.';
  return new DecantError(code, message, { cause, remedy: `${advice} ${remedy}`.trim() }, where);
}
