import { unpackStrings } from '../../tensor/strings.ts';
import { inlineEverything } from '../prepare/inline-calls.ts';
import type { TfGraph, TfNode } from '../model.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { originOf } from '../origin-of.ts';
import { nodeOf } from '../tensor-name.ts';
import { type Extent, parseSliceSpec } from './slices.ts';

/** What a variable is restored from: a tensor of the checkpoint, or a part of one. */
export interface Restored {
  readonly key: string;
  readonly part: readonly Extent[] | undefined;
}

const ASSIGNS = new Set(['AssignVariableOp', 'Assign']);

/**
 * The tensor of the checkpoint for each variable node, as the model's own restore operation pairs them. No name has to
 * agree with another one for it: TensorFlow restores the model in just this way.
 */
export function restorePairs({ graph, functions, restoreOp }: MetaGraph): ReadonlyMap<string, Restored> {
  const pairs = new Map<string, Restored>();
  if (restoreOp === undefined) return pairs;
  // Only what the operation runs: a graph may hold others, which fill variables from the checkpoint of another model.
  const run = inlineEverything(runBy(graph, nodeOf(restoreOp)), functions);
  const textsOf = textsIn(run);
  for (const { op, inputs } of run.values()) {
    const [target, value] = inputs;
    const restore = ASSIGNS.has(op) ? originOf(run, value) : undefined;
    if (target === undefined || restore?.node.op !== 'RestoreV2') continue;
    const [, names, slices] = restore.node.inputs;
    const key = textsOf(names)[restore.index];
    if (key !== undefined)
      pairs.set(nodeOf(target), { key, part: parseSliceSpec(textsOf(slices)[restore.index] ?? '') });
  }
  return pairs;
}

/** The nodes that run when `root` does. */
function runBy(graph: TfGraph, root: string): TfGraph {
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

/** The texts of a constant; a restore operation has one for each variable, which are unpacked once. */
function textsIn(graph: TfGraph): (tensor: string | undefined) => readonly string[] {
  const known = new Map<TfNode, readonly string[]>();
  return tensor => {
    const node = originOf(graph, tensor)?.node;
    const value = node?.attrs.get('value');
    if (node === undefined || value?.kind !== 'tensor' || value.value.dtype !== 'DT_STRING') return [];
    const texts = known.get(node) ?? unpackStrings(value.value.data());
    known.set(node, texts);
    return texts;
  };
}
