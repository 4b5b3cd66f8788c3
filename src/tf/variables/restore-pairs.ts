import { unpackStrings } from '../../tensor/strings.ts';
import { takeBlock } from '../../tensor/blocks.ts';
import { attrFunc } from '../attrs.ts';
import type { TfFunction, TfGraph, TfNode, TfTensor } from '../model.ts';
import { isControl, nodeOf } from '../tensor-name.ts';
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
export function restorePairs(
  graph: TfGraph,
  functions: ReadonlyMap<string, TfFunction>,
  restoreOp: string | undefined,
): ReadonlyMap<string, Restored> {
  const root = restoreOp === undefined ? undefined : graph.get(nodeOf(restoreOp));
  if (root === undefined) return new Map();
  const called = root.attrs.has('f') ? functions.get(attrFunc(root, 'f').name) : undefined;
  if (called === undefined) return pairsIn(graph, node => node);
  const argument = new Map(called.inputs.map(({ name }, i) => [name, root.inputs[i]]));
  return pairsIn(called.nodes, node => {
    const given = argument.get(node);
    return given === undefined ? node : nodeOf(given);
  });
}

/** The pairs of a graph's assignments; `variable` names the node behind what is assigned to. */
function pairsIn(graph: TfGraph, variable: (node: string) => string): ReadonlyMap<string, Restored> {
  const pairs = new Map<string, Restored>();
  for (const node of graph.values()) {
    if (!ASSIGNS.has(node.op)) continue;
    const [target, value] = node.inputs;
    const restored = target === undefined || value === undefined ? undefined : restoredBy(graph, value);
    if (restored !== undefined) pairs.set(variable(nodeOf(target!)), restored);
  }
  return pairs;
}

/** The tensor of the checkpoint that a value is, seen through what passes it on. */
function restoredBy(graph: TfGraph, value: string): Restored | undefined {
  let tensor = value;
  for (let node = graph.get(nodeOf(tensor)); node !== undefined; node = graph.get(nodeOf(tensor))) {
    if (node.op === 'RestoreV2') {
      // `node:k` in a graph, `node:tensors:k` in a function.
      const position = tensor.includes(':') ? Number(tensor.slice(tensor.lastIndexOf(':') + 1)) : 0;
      const key = textsOf(graph, node.inputs[1])[position];
      return key === undefined
        ? undefined
        : { key, part: parseSliceSpec(textsOf(graph, node.inputs[2])[position] ?? '') };
    }
    const next = node.op === 'Identity' ? node.inputs.find(input => !isControl(input)) : undefined;
    if (next === undefined) return undefined;
    tensor = next;
  }
  return undefined;
}

function textsOf(graph: TfGraph, tensor: string | undefined): readonly string[] {
  const node: TfNode | undefined = tensor === undefined ? undefined : graph.get(nodeOf(tensor));
  const value = node?.attrs.get('value');
  return value?.kind === 'tensor' && value.value.dtype === 'DT_STRING' ? unpackStrings(value.value.data()) : [];
}

/** The part of a tensor, decoded on first use. */
export function partOf(tensor: TfTensor, part: readonly Extent[]): TfTensor {
  const starts = part.map(({ start }) => start);
  const lengths = part.map(({ length }, axis) => (length < 0 ? (tensor.shape[axis] ?? 0) : length));
  return { dtype: tensor.dtype, shape: lengths, data: () => takeBlock(tensor.data(), starts, lengths) };
}
