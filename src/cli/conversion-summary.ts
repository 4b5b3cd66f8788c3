import type { ConvertedModel } from '../api/convert-model.ts';
import type { ConversionStep } from '../convert.ts';
import { countOvOps as countOpenVinoTypes } from '../ov/count-ov-ops.ts';
import { countNodes } from '../ov/graph.ts';
import { summaryOf } from '../ov/passes/index.ts';
import type { SavedModel } from '../api/save-model.ts';
import { countTfOps as countTensorFlowTypes } from '../tf/count-tf-ops.ts';
import { fileSize, milliseconds, print, table } from './console.ts';

type Counts = Readonly<Record<string, number>>;

/** What became of a model, as `convert` prints it. */
export interface ConversionSummary extends SavedModel {
  readonly model: string;
  readonly format: string;
  readonly notes?: readonly string[];
  readonly ops: { readonly tensorflow: number; readonly openvino: number };
  readonly opTypes: { readonly tensorflow: Counts; readonly openvino: Counts };
  /** The number of changes by the passes, by name. */
  readonly changes: Counts;
  /** Milliseconds by stage; `write` is the last one. */
  readonly stages: Counts;
  readonly steps: readonly ConversionStep[];
  /** Milliseconds of the whole. */
  readonly ms: number;
}

/** @param times milliseconds of writing, and of the whole */
export function summarize(
  model: string,
  { conversion: stages }: ConvertedModel,
  saved: SavedModel,
  times: { readonly write: number; readonly ms: number },
): ConversionSummary {
  const { prepared: closed, graph, notes, steps } = stages;
  const taken = [...steps.map(({ stage, ms }) => [stage, ms] as const), ['write', times.write] as const];
  return {
    model,
    format: stages.model.format,
    ...saved,
    ...(notes.length > 0 && { notes }),
    ops: { tensorflow: closed.graph.size, openvino: countNodes(graph) },
    opTypes: { tensorflow: countTensorFlowTypes(closed), openvino: countOpenVinoTypes(graph) },
    changes: sums(steps.flatMap(({ changes }) => Object.entries(changes))),
    stages: rounded(sums(taken)),
    steps: steps.map(step => ({ ...step, ms: tenths(step.ms) })),
    ms: Math.round(times.ms),
  };
}

function sums(entries: readonly (readonly [name: string, count: number])[]): Counts {
  const total: Record<string, number> = {};
  for (const [name, count] of entries) total[name] = (total[name] ?? 0) + count;
  return total;
}

const tenths = (ms: number): number => Math.round(10 * ms) / 10;

const rounded = (times: Counts): Counts =>
  Object.fromEntries(Object.entries(times).map(([stage, ms]) => [stage, tenths(ms)]));

export function printConversion(summary: ConversionSummary, verbose: boolean): void {
  const { xml, xmlBytes, labels, bin, binBytes, bytesByType, ops, changes, stages, ms, notes = [] } = summary;
  print(`${xml}  ${fileSize(xmlBytes)}`);
  print(`${bin}  ${fileSize(binBytes)}${weightsText(bytesByType)}`);
  if (labels !== undefined) print(labels);
  print(`${ops.tensorflow} TensorFlow ops became ${ops.openvino} of OpenVINO in ${milliseconds(ms)}`);
  printCounts(sums(Object.entries(changes).map(([change, count]) => [summaryOf(change), count])));
  const times = Object.entries(stages).map(([stage, taken]) => `${stage} ${milliseconds(taken)}`);
  print(`time: ${times.join(', ')}`);
  for (const text of notes) print(`note: ${text}`);
  if (verbose) printSteps(summary);
}

function printSteps({ steps, opTypes }: ConversionSummary): void {
  print('steps:');
  for (const step of steps) {
    print(`  ${step.stage} ${step.name}  ${milliseconds(step.ms)}  ${step.ops} ops`);
    for (const [what, count] of Object.entries(step.changes)) print(`    ${count} ${what}`);
  }
  print('TensorFlow ops:');
  printCounts(opTypes.tensorflow);
  print('OpenVINO ops:');
  printCounts(opTypes.openvino);
}

const printCounts = (counts: Counts): void => {
  const rows = Object.entries(counts);
  if (rows.length > 0) print(table(rows.map(([what, count]) => [count, what])));
};

/** How much of the weights is of which type, the largest part first. */
function weightsText(bytesByType: Counts): string {
  const parts = Object.entries(bytesByType).sort(([, a], [, b]) => b - a);
  return parts.length === 0 ? '' : ` (${parts.map(([type, bytes]) => `${type} ${fileSize(bytes)}`).join(', ')})`;
}
