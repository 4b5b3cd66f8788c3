import { DecantError } from '../../errors.ts';
import { attrShape, attrType } from '../attrs.ts';
import type { InferenceInput, InferenceGraph, InferenceOutput } from '../inference-graph.ts';
import type { Signature, TensorInfo, TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../tensor-name.ts';
import { VARIABLES } from '../variable-ops.ts';
import { reachable } from './prune.ts';

const DEFAULT_SIGNATURE = 'serving_default';

export function selectSignature(model: TfModel, key?: string): InferenceGraph {
  const signature = signatureOf(model, key);
  const { name, graph } = model;
  const io = signature === undefined ? graphIo(graph) : signatureIo(graph, signature);
  return { name, graph, functions: new Map(), ...io, notes: [] };
}

function signatureOf({ signatures }: TfModel, key: string | undefined): Signature | undefined {
  const keys = [...signatures.keys()];
  if (key !== undefined) {
    const signature = signatures.get(key);
    if (signature !== undefined) return signature;
    throw new DecantError(
      'not-found',
      keys.length === 0
        ? `the model has no signature '${key}': it has no signatures`
        : `the model has no signature '${key}'`,
      keys.length === 0 ? {} : { remedy: `Choose one of: ${keys.join(', ')}.` },
    );
  }
  if (keys.length <= 1) return signatures.get(keys[0] ?? '');
  const standard = signatures.get(DEFAULT_SIGNATURE);
  if (standard !== undefined) return standard;
  throw new DecantError(
    'invalid-argument',
    `the model has ${keys.length} signatures, none of them ${DEFAULT_SIGNATURE}`,
    {
      remedy: `Choose one with --signature: ${keys.join(', ')}.`,
    },
  );
}

interface ModelIo {
  readonly inputs: readonly InferenceInput[];
  readonly outputs: readonly InferenceOutput[];
}

/** OpenVINO sorts by name. */
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function signatureIo(graph: TfGraph, signature: Signature): ModelIo {
  const sourceOf = (kind: string, name: string, { tensor }: TensorInfo): TfNode => {
    const node = graph.get(nodeOf(tensor));
    if (node !== undefined) return node;
    throw tensor === ''
      ? new DecantError('unsupported', `signature ${kind} '${name}' is not a dense tensor`)
      : new DecantError('malformed', `signature ${kind} '${name}' is '${tensor}', which is not in the graph`);
  };
  const inputs = [...signature.inputs].map(([name, info]): InferenceInput => {
    const node = sourceOf('input', name, info);
    if (outputIndexOf(info.tensor) !== 0) {
      throw new DecantError('unsupported', `signature input '${name}' is one of several outputs of '${node.name}'`);
    }
    return inputOf(name, node, info);
  });
  const outputs = [...signature.outputs].map(([name, info]): InferenceOutput => {
    sourceOf('output', name, info);
    return { name, tensor: info.tensor };
  });
  if (outputs.length === 0) throw new DecantError('unsupported', 'the signature has no outputs');
  return { inputs: inputs.sort(byName), outputs: outputs.sort(byName) };
}

const NO_RESULT =
  /^(?:NoOp|Const|Assert|Print(?:V2)?|Save.*|MergeV2Checkpoints|.*Assign.*|(?:Resource|Sparse)*Apply.*|LookupTable(?:Import|Insert).*|InitializeTable.*|TensorArrayClose.*)$/;

function graphIo(graph: TfGraph): ModelIo {
  // Results may have summary ops of training as users.
  const nodes = [...graph.values()].filter(({ op }) => !/Summary(?:V2)?$/.test(op));
  const isInput = nodes.some(isPlaceholder) ? isPlaceholder : hasDefault;
  const users = usersIn(nodes);
  const fed = dependentsOf(nodes.filter(isInput), users);
  const readsVariables = dependentsOf(
    nodes.filter(({ op }) => VARIABLES.has(op)),
    users,
  );
  // Nodes that depend only on variables save them.
  const outputs = nodes.filter(
    node =>
      !users.has(node.name) &&
      !isInput(node) &&
      isResult(node) &&
      (fed.has(node.name) || !readsVariables.has(node.name)),
  );
  if (outputs.length === 0) throw new DecantError('not-a-model', 'the graph has no outputs');
  const needed = reachable({ name: '', inputs: [], graph, outputs: outputs.map(({ name }) => name) });
  return {
    inputs: [...needed.graph.values()].filter(isInput).map(node => inputOf(node.name, node)),
    outputs: outputs.map(({ name }) => ({ name, tensor: name })),
  };
}

function usersIn(nodes: readonly TfNode[]): ReadonlyMap<string, readonly TfNode[]> {
  const users = new Map<string, TfNode[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      if (isControl(input)) continue;
      const known = users.get(nodeOf(input));
      if (known === undefined) users.set(nodeOf(input), [node]);
      else known.push(node);
    }
  }
  return users;
}

function dependentsOf(from: readonly TfNode[], users: ReadonlyMap<string, readonly TfNode[]>): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [...from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (names.has(node.name)) continue;
    names.add(node.name);
    for (const user of users.get(node.name) ?? []) waiting.push(user);
  }
  return names;
}

function isResult(node: TfNode): boolean {
  const type = node.attrs.get('T');
  const isString = type?.kind === 'type' && type.value === 'DT_STRING';
  return !isString && !NO_RESULT.test(node.op);
}

const isPlaceholder = (node: TfNode): boolean => node.op === 'Placeholder';

/** Scalars with a default, such as a training flag, keep it. */
const hasDefault = (node: TfNode): boolean =>
  node.op === 'PlaceholderWithDefault' && !(node.attrs.has('shape') && attrShape(node, 'shape')?.length === 0);

const inputOf = (name: string, node: TfNode, info?: TensorInfo): InferenceInput => ({
  name,
  node: node.name,
  dtype: attrType(node, 'dtype', info?.dtype),
  shape: info?.shape ?? (node.attrs.has('shape') ? attrShape(node, 'shape') : undefined),
});
