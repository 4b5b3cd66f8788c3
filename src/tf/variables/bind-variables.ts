import { stringBytes } from '../../tensor/strings.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { message, one, repeated } from '../../wire/message.ts';
import { attrString } from '../attrs.ts';
import type { TfNode, TfTensor } from '../model.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { partOf, restorePairs } from './restore-pairs.ts';
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

const VARIABLES = new Set(['VarHandleOp', 'VariableV2', 'Variable']);

/**
 * The values of a graph's variables: as its own restore operation pairs them with the checkpoint's tensors; where it says
 * nothing, by the full name that the checkpoint's object graph gives a tensor; and else by the variable's name.
 */
export function bindVariables(meta: MetaGraph, bundle: TensorBundle): ReadonlyMap<string, TfTensor> {
  const pairs = restorePairs(meta.graph, meta.functions, meta.restoreOp);
  const byFullName = fullNames(bundle);
  const values = new Map<string, TfTensor>();
  for (const node of meta.graph.values()) {
    if (!VARIABLES.has(node.op)) continue;
    const restored = pairs.get(node.name);
    const key = restored?.key ?? keyByName(node, byFullName, bundle);
    if (key === undefined || !bundle.keys.has(key)) continue;
    const tensor = bundle.tensor(key);
    values.set(node.name, restored?.part === undefined ? tensor : partOf(tensor, restored.part));
  }
  return values;
}

function keyByName(node: TfNode, byFullName: ReadonlyMap<string, string>, bundle: TensorBundle): string | undefined {
  for (const name of [attrString(node, 'shared_name', ''), node.name]) {
    const key = byFullName.get(name) ?? (bundle.keys.has(name) ? name : undefined);
    if (key !== undefined && name !== '') return key;
  }
  return undefined;
}

/** Full names to keys, as far as a name is not that of several tensors. */
function fullNames(bundle: TensorBundle): ReadonlyMap<string, string> {
  if (!bundle.keys.has(OBJECT_GRAPH)) return new Map();
  const keys = new Map<string, string>();
  const ambiguous = new Set<string>();
  const { nodes } = decodeBinary(trackableObjectGraph, stringBytes(bundle.tensor(OBJECT_GRAPH).data())[0]!);
  for (const { fullName, checkpointKey } of nodes.flatMap(node => node.attributes)) {
    if (keys.has(fullName)) ambiguous.add(fullName);
    keys.set(fullName, checkpointKey);
  }
  for (const name of ambiguous) keys.delete(name);
  return keys;
}
