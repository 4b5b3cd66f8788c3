import { DecantError } from '../../errors.ts';
import { attrShape, attrType } from '../attrs.ts';
import type { InferenceInput, InferenceGraph, InferenceOutput } from '../inference-graph.ts';
import type { Signature, TensorInfo, TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../tensor-name.ts';
import { VARIABLES } from '../variable-ops.ts';
import { onlyNeeded } from './prune.ts';

/** The signature that TensorFlow's own tools serve by default. */
const DEFAULT_SIGNATURE = 'serving_default';

/** The chosen signature's inputs and outputs; for a graph without signatures its placeholders and its ends. */
export function selectSignature(model: TfModel, key?: string): InferenceGraph {
  const signature = signatureOf(model, key);
  const { name, graph } = model;
  const chosen = signature === undefined ? graphEnds(graph) : signatureEnds(graph, signature);
  return { name, graph, functions: new Map(), ...chosen, notes: [] };
}

function signatureOf({ signatures }: TfModel, key: string | undefined): Signature | undefined {
  const keys = [...signatures.keys()];
  if (key !== undefined) {
    const signature = signatures.get(key);
    if (signature !== undefined) return signature;
    throw new DecantError(
      'not-found',
      keys.length === 0 ? `there is no signature '${key}': the model has none` : `there is no signature '${key}'`,
      keys.length === 0 ? {} : { remedy: `Choose one of: ${keys.join(', ')}.` },
    );
  }
  if (keys.length <= 1) return signatures.get(keys[0] ?? '');
  const usual = signatures.get(DEFAULT_SIGNATURE);
  if (usual !== undefined) return usual;
  throw new DecantError(
    'invalid-argument',
    `the model has ${keys.length} signatures and none is ${DEFAULT_SIGNATURE}`,
    {
      remedy: `Choose one with --signature: ${keys.join(', ')}.`,
    },
  );
}

interface Ends {
  readonly inputs: readonly InferenceInput[];
  readonly outputs: readonly InferenceOutput[];
}

/** Sorted by name, as OpenVINO sorts them. */
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function signatureEnds(graph: TfGraph, signature: Signature): Ends {
  const nodeBehind = (kind: string, name: string, { tensor }: TensorInfo): TfNode => {
    const node = graph.get(nodeOf(tensor));
    if (node !== undefined) return node;
    throw tensor === ''
      ? new DecantError('unsupported', `${kind} '${name}' of the signature is not a dense tensor`)
      : new DecantError('malformed', `${kind} '${name}' of the signature is '${tensor}', which is not in the graph`);
  };
  const inputs = [...signature.inputs].map(([name, info]): InferenceInput => {
    const node = nodeBehind('input', name, info);
    if (outputIndexOf(info.tensor) !== 0) {
      throw new DecantError(
        'unsupported',
        `input '${name}' of the signature is one of several outputs of '${node.name}'`,
      );
    }
    return inputOf(name, node, info);
  });
  const outputs = [...signature.outputs].map(([name, info]): InferenceOutput => {
    nodeBehind('output', name, info);
    return { name, tensor: info.tensor };
  });
  if (outputs.length === 0) throw new DecantError('unsupported', 'the signature has no outputs');
  return { inputs: inputs.sort(byName), outputs: outputs.sort(byName) };
}

/** Ops that end a graph without being a result of it: checks, messages, and the saving of variables and tables. */
const NO_RESULT =
  /^(?:NoOp|Const|Assert|Print(?:V2)?|Save.*|MergeV2Checkpoints|.*Assign.*|(?:Resource|Sparse)*Apply.*|LookupTable(?:Import|Insert).*|InitializeTable.*)$/;

/** A graph that is no signature's: what is fed, and what nothing uses. */
function graphEnds(graph: TfGraph): Ends {
  // What is but summed up for the log of a training is a result all the same.
  const nodes = [...graph.values()].filter(({ op }) => !/Summary(?:V2)?$/.test(op));
  const users = usersIn(nodes);
  const fed = reached(nodes.filter(isInput), users);
  const read = reached(
    nodes.filter(({ op }) => VARIABLES.has(op)),
    users,
  );
  // What only variables determine is no result: graphs hold nodes that read variables to save them.
  const outputs = nodes.filter(
    node => !users.has(node.name) && isResult(node) && (fed.has(node.name) || !read.has(node.name)),
  );
  if (outputs.length === 0) throw new DecantError('not-a-model', 'the graph has no outputs');
  const needed = onlyNeeded({ name: '', inputs: [], graph, outputs: outputs.map(({ name }) => name) });
  return {
    inputs: [...needed.graph.values()].filter(isInput).map(node => inputOf(node.name, node)),
    outputs: outputs.map(({ name }) => ({ name, tensor: name })),
  };
}

/** The nodes that use a node's outputs, by its name. */
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

/** The names of nodes and of all that depends on them. */
function reached(from: readonly TfNode[], users: ReadonlyMap<string, readonly TfNode[]>): ReadonlySet<string> {
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
  const isText = type?.kind === 'type' && type.value === 'DT_STRING';
  return !isInput(node) && !isText && !NO_RESULT.test(node.op);
}

const isInput = (node: TfNode): boolean => node.op === 'Placeholder';

/** The graph knows better than a signature which type it computes with. */
const inputOf = (name: string, node: TfNode, info?: TensorInfo): InferenceInput => ({
  name,
  node: node.name,
  dtype: attrType(node, 'dtype', info?.dtype),
  shape: info?.shape ?? (node.attrs.has('shape') ? attrShape(node, 'shape') : undefined),
});
