import { DecantError } from '../../errors.ts';
import { attrShape } from '../attrs.ts';
import type { InferenceInput, InferenceOutput } from '../inference-graph.ts';
import type { TfGraph, TfNode } from '../model.ts';
import { outputTypeOf } from '../output-type.ts';
import { isControl, nodeOf } from '../tensor-name.ts';
import { VARIABLES } from '../variable-ops.ts';
import { findTensor } from './cut-graph.ts';
import { inputOf } from './input-of.ts';
import { reachable } from './prune.ts';

const NO_RESULT = anyOf(
  [
    'NoOp',
    'Const',
    'Assert',
    'Print(?:V2)?',
    'Save.*',
    'MergeV2Checkpoints',
    '.*Assign.*',
    '(?:Resource|Sparse)*Apply.*',
  ],
  [
    'LookupTable(?:Import|Insert).*',
    'InitializeTable.*',
    '.*HashTable(?:OfTensors)?(?:V\\d)?',
    'Optional(?:None|FromValue)',
  ],
  [
    'TensorArray(?:Close|Grad|Write|Scatter|Split|Unpack)?(?:V\\d)?',
    'EmptyTensorList',
    'TensorList(?:Reserve|FromTensor)',
  ],
  ['TensorList(?:SetItem|Scatter.*|PushBack.*|Resize|ConcatLists|Split)', '.*Dataset(?:V\\d)?', '.*Iterator(?:V\\d)?'],
  ['.*Queue(?:V\\d)?', 'Queue(?:Enqueue|Close).*'],
);

/** Types of handles and of containers of tensors. */
const NO_TENSOR: ReadonlySet<unknown> = new Set(['DT_VARIANT', 'DT_RESOURCE']);

export interface GraphIo {
  readonly inputs: readonly InferenceInput[];
  readonly outputs: readonly InferenceOutput[];
  readonly notes: readonly string[];
}

/**
 * Returns the inputs and outputs of a graph without signatures: its placeholders, and its unused nodes. Texts are outputs
 * if there are no numbers, and constants if there is nothing else. Tensors in `requested` become outputs, too.
 */
export function graphIo(graph: TfGraph, requested: readonly string[]): GraphIo {
  // Results may have summary ops of training as users.
  const nodes = [...graph.values()].filter(({ op }) => !/Summary(?:V2)?$/.test(op));
  const isInput = nodes.some(isPlaceholder) ? isPlaceholder : hasDefault;
  const users = usersIn(nodes);
  const fed = dependentsOf(nodes.filter(isInput), users);
  const readsVariables = dependentsOf(
    nodes.filter(({ op }) => VARIABLES.has(op)),
    users,
  );
  const unused = nodes.filter(node => !users.has(node.name) && !isInput(node));
  // Nodes that depend only on variables save them.
  const isResult = (node: TfNode): boolean =>
    !NO_RESULT.test(node.op) && !NO_TENSOR.has(outputTypeOf(node, 0)) && !isCounter(node, graph, users);
  const results = unused.filter(node => isResult(node) && (fed.has(node.name) || !readsVariables.has(node.name)));
  const numbers = results.filter(node => !isText(node));
  const texts = results.filter(isText);
  const constants = nodes.some(isInput) ? [] : unused.filter(({ op }) => op === 'Const');
  const chosen = [numbers, texts, constants].find(group => group.length > 0) ?? [];
  const defaults = chosen.map(({ name }) => ({ name, tensor: name }));
  const known = neededFor(graph, defaults);
  const further = requested
    .map(name => ({ name, tensor: findTensor(graph, name)?.name }))
    .filter((output): output is InferenceOutput => output.tensor !== undefined && !known.has(nodeOf(output.tensor)));
  const outputs = [...defaults, ...further];
  if (outputs.length === 0) throw withoutResult(graph);
  return {
    inputs: [...neededFor(graph, outputs).values()].filter(isInput).map(node => inputOf(node.name, node)),
    outputs,
    notes: chosen === numbers ? texts.filter(({ name }) => fed.has(name)).map(leftOut) : [],
  };
}

function anyOf(...ops: readonly (readonly string[])[]): RegExp {
  return new RegExp(`^(?:${ops.flat().join('|')})$`);
}

const neededFor = (graph: TfGraph, outputs: readonly InferenceOutput[]): TfGraph =>
  reachable({ name: '', inputs: [], graph, outputs: outputs.map(({ tensor }) => tensor) }).graph;

const leftOut = ({ name }: TfNode): string =>
  `Output '${name}' is left out: it is text. To keep it, list it in --output.`;

function withoutResult(graph: TfGraph): DecantError {
  const ops = [...new Set(Array.from(graph.values(), ({ op }) => op))].sort();
  const shown = ops.length > 6 ? [...ops.slice(0, 6), '...'] : ops;
  return new DecantError(
    'unsupported',
    graph.size === 0 ? 'the graph is empty' : `no node of the graph is a result, only ${shown.join(', ')}`,
    { remedy: 'Choose the outputs with --output NAME, or pass a model that was exported for inference.' },
  );
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

/**
 * Whether a node, which TensorFlow adds to each loop, only hands on a state that nobody reads, such as its counter, where
 * others are read. What is named outside of the loop is a result.
 */
function isCounter(
  { name, op, inputs }: TfNode,
  graph: TfGraph,
  users: ReadonlyMap<string, readonly TfNode[]>,
): boolean {
  const loop = inputs[0] === undefined ? undefined : graph.get(nodeOf(inputs[0]));
  if (op !== 'Identity' || loop === undefined || !/^(?:Stateless)?While$/.test(loop.op)) return false;
  if (!name.startsWith(`${loop.name}/`)) return false;
  return users.get(loop.name)!.some(user => user.op !== 'Identity' || users.has(user.name));
}

const isText = (node: TfNode): boolean => outputTypeOf(node, 0) === 'DT_STRING';

const isPlaceholder = (node: TfNode): boolean => node.op === 'Placeholder';

/** Scalars with a default, such as a training flag, keep it. */
const hasDefault = (node: TfNode): boolean =>
  node.op === 'PlaceholderWithDefault' && !(node.attrs.has('shape') && attrShape(node, 'shape')?.length === 0);
