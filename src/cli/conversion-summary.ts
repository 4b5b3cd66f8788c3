import type { ConvertedModel } from '../api/convert-source.ts';
import type { ConversionStep } from '../convert.ts';
import { countOvOps } from '../ov/count-ov-ops.ts';
import { countNodes } from '../ov/graph.ts';
import { loadSummaries } from '../ov/passes/load-summaries.ts';
import type { SavedModel } from '../api/save-model.ts';
import { countTfOps } from '../tf/count-tf-ops.ts';
import { fileSize, milliseconds, print, table } from './console.ts';

type Counts = Readonly<Record<string, number>>;

export interface ConversionSummary extends SavedModel {
  readonly model: string;
  readonly format: string;
  readonly notes?: readonly string[];
  readonly ops: { readonly tensorflow: number; readonly openvino: number };
  readonly opTypes: { readonly tensorflow: Counts; readonly openvino: Counts };
  /** Number of changes by pass. */
  readonly changes: Counts;
  /** Milliseconds by stage; the last one is `write`. */
  readonly stages: Counts;
  readonly steps: readonly Omit<ConversionStep, 'progress'>[];
  readonly ms: number;
}

export function summarize(
  model: string,
  { conversion }: ConvertedModel,
  saved: SavedModel,
  times: { readonly write: number; readonly ms: number },
): ConversionSummary {
  const { prepared, graph, notes, steps } = conversion;
  const taken = [...steps.map(({ stage, ms }) => [stage, ms] as const), ['write', times.write] as const];
  return {
    model,
    format: conversion.model.format,
    ...saved,
    ...(notes.length > 0 && { notes }),
    ops: { tensorflow: prepared.graph.size, openvino: countNodes(graph) },
    opTypes: { tensorflow: countTfOps(prepared), openvino: countOvOps(graph) },
    changes: sums(steps.flatMap(({ changes }) => Object.entries(changes))),
    stages: rounded(sums(taken)),
    steps: steps.map(({ stage, name, ms: taken, ops, changes }) => ({ stage, name, ms: tenths(taken), ops, changes })),
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

export async function printConversion(summary: ConversionSummary, verbose: boolean): Promise<void> {
  const { xml, xmlBytes, labels, bin, binBytes, bytesByType, ops, changes, stages, ms, notes = [] } = summary;
  print(`${xml}  ${fileSize(xmlBytes)}`);
  print(`${bin}  ${fileSize(binBytes)}${weightsText(bytesByType)}`);
  if (labels !== undefined) print(labels);
  print(`converted ${ops.tensorflow} TensorFlow ops to ${ops.openvino} OpenVINO ops in ${milliseconds(ms)}`);
  const summaries = await loadSummaries();
  printCounts(sums(Object.entries(changes).map(([change, count]) => [summaries.get(change) ?? change, count])));
  const times = Object.entries(stages).map(([stage, taken]) => `${stage} ${milliseconds(taken)}`);
  print(`time: ${times.join(', ')}`);
  for (const text of notes) print(`note: ${text}`);
  if (verbose) printSteps(summary);
}

function printSteps({ steps, opTypes }: ConversionSummary): void {
  print('steps:');
  for (const step of steps) {
    print(`  ${step.stage} ${step.name}  ${milliseconds(step.ms)}  ${step.ops} ops`);
    for (const [change, count] of Object.entries(step.changes)) print(`    ${count} ${change}`);
  }
  print('TensorFlow ops:');
  printCounts(opTypes.tensorflow);
  print('OpenVINO ops:');
  printCounts(opTypes.openvino);
}

const printCounts = (counts: Counts): void => {
  const rows = Object.entries(counts);
  if (rows.length > 0) print(table(rows.map(([name, count]) => [count, name])));
};

function weightsText(bytesByType: Counts): string {
  const parts = Object.entries(bytesByType).sort(([, a], [, b]) => b - a);
  return parts.length === 0 ? '' : ` (${parts.map(([type, bytes]) => `${type} ${fileSize(bytes)}`).join(', ')})`;
}
