import { unpackStrings } from '../../tensor/strings.ts';
import { inlineWithoutPruning } from '../prepare/inline-calls.ts';
import type { TfGraph, TfNode } from '../model.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { originOf } from '../origin-of.ts';
import { nodeOf } from '../tensor-name.ts';
import { type Extent, parseSliceSpec } from './slices.ts';

export interface Restored {
  readonly key: string;
  readonly slice: readonly Extent[] | undefined;
}

const ASSIGNS = new Set(['AssignVariableOp', 'Assign']);

export function restorePairs({ graph, functions, restoreOp }: MetaGraph): ReadonlyMap<string, Restored> {
  const pairs = new Map<string, Restored>();
  if (restoreOp === undefined) return pairs;
  // A graph may also have restore ops for checkpoints of other models.
  const run = inlineWithoutPruning(dependenciesOf(graph, nodeOf(restoreOp)), functions);
  const stringsOf = stringsIn(run);
  for (const { op, inputs } of run.values()) {
    const [target, value] = inputs;
    const restore = ASSIGNS.has(op) ? originOf(run, value) : undefined;
    if (target === undefined || restore?.node.op !== 'RestoreV2') continue;
    const [, names, slices] = restore.node.inputs;
    const key = stringsOf(names)[restore.index];
    if (key !== undefined)
      pairs.set(nodeOf(target), { key, slice: parseSliceSpec(stringsOf(slices)[restore.index] ?? '') });
  }
  return pairs;
}

function dependenciesOf(graph: TfGraph, root: string): TfGraph {
  const run = new Map<string, TfNode>();
  const waiting = [root];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = graph.get(name);
    if (node === undefined || run.has(name)) continue;
    run.set(name, node);
    for (const input of node.inputs) waiting.push(nodeOf(input));
  }
  return run;
}

function stringsIn(graph: TfGraph): (tensor: string | undefined) => readonly string[] {
  const known = new Map<TfNode, readonly string[]>();
  return tensor => {
    const node = originOf(graph, tensor)?.node;
    const value = node?.attrs.get('value');
    if (node === undefined || value?.kind !== 'tensor' || value.value.dtype !== 'DT_STRING') return [];
    const strings = known.get(node) ?? unpackStrings(value.value.data());
    known.set(node, strings);
    return strings;
  };
}
