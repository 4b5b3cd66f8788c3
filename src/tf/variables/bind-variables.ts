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

/** The key under which TensorFlow 2 stores which object holds which tensor. */
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
 * The values of a graph's variables by the names of their nodes: as its own restore operation pairs them with the
 * checkpoint's tensors; where it says nothing, by the full name that the checkpoint's object graph gives a tensor, and
 * else by its key. Full names and keys stand in the result as well: variables inside of functions are known by them.
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
  for (const [name, { key, part }] of restorePairs(meta)) {
    const tensor = bundle.tensor(key);
    if (tensor !== undefined) values.set(name, part === undefined ? tensor : partOf(tensor, part, name));
  }
  return values;
}

/** Full names to keys, as far as a name is not that of several tensors. */
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

/** A part of a tensor, decoded on first use. */
function partOf(tensor: TfTensor, part: readonly Extent[], what: string): TfTensor {
  const { starts, lengths } = blockOf(part, tensor.shape, `the tensor that variable '${what}' is restored from`);
  return { dtype: tensor.dtype, shape: lengths, data: () => takeBlock(tensor.data(), starts, lengths) };
}
