import { takeBlock } from '../../tensor/blocks.ts';
import { stringBytes } from '../../tensor/strings.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { message, one, repeated } from '../../wire/message.ts';
import { attrString } from '../attrs.ts';
import type { TfTensor } from '../model.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { VARIABLES } from '../variable-ops.ts';
import { restorePairs } from './restore-pairs.ts';
import { blockOf, type Extent } from './slices.ts';
import type { TensorBundle } from './tensor-bundle.ts';

const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH';

const trackableObjectGraph = message('TrackableObjectGraph', {
  nodes: repeated(
    1,
    message('TrackableObject', {
      attributes: repeated(
        2,
        message('SerializedTensor', {
          name: one(1, 'string'),
          fullName: one(2, 'string'),
          checkpointKey: one(3, 'string'),
        }),
      ),
    }),
  ),
});

/**
 * Binds the variables of a graph to tensors of a checkpoint, by node name. The restore op of the model has priority, then
 * full names in the object graph of the checkpoint, then keys. The result also has the full names and keys, which
 * identify variables inside functions.
 */
export function bindVariables(meta: MetaGraph, bundle: TensorBundle): ReadonlyMap<string, TfTensor> {
  const named = new Map<string, TfTensor>();
  for (const [name, key] of [...bundle.keys.map(key => [key, key] as const), ...fullNames(bundle)]) {
    const tensor = bundle.tensor(key);
    if (tensor !== undefined) named.set(name, tensor);
  }
  const values = new Map(named);
  for (const node of meta.graph.values()) {
    const shared = VARIABLES.has(node.op) ? named.get(attrString(node, 'shared_name', '')) : undefined;
    if (shared !== undefined) values.set(node.name, shared);
  }
  for (const [name, { key, slice }] of restorePairs(meta)) {
    const tensor = bundle.tensor(key);
    if (tensor !== undefined) values.set(name, slice === undefined ? tensor : sliceOf(tensor, slice, name));
  }
  return values;
}

function fullNames(bundle: TensorBundle): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const ambiguous = new Set<string>();
  const table = bundle.tensor(OBJECT_GRAPH);
  const [bytes] = table === undefined ? [] : stringBytes(table.data());
  const nodes = bytes === undefined ? [] : decodeBinary(trackableObjectGraph, bytes).nodes;
  for (const { fullName, checkpointKey } of nodes.flatMap(node => node.attributes)) {
    if (fullName === '') continue;
    if (keys.has(fullName)) ambiguous.add(fullName);
    keys.set(fullName, checkpointKey);
  }
  for (const name of ambiguous) keys.delete(name);
  return keys;
}

function sliceOf(tensor: TfTensor, slice: readonly Extent[], variable: string): TfTensor {
  const { starts, lengths } = blockOf(slice, tensor.shape, `the tensor of variable '${variable}'`);
  return { dtype: tensor.dtype, shape: lengths, data: () => takeBlock(tensor.data(), starts, lengths) };
}
