import { DecantError } from '../../errors.ts';
import { attrFunc } from '../attrs.ts';
import type { InferenceFunction, InferenceGraph } from '../inference-graph.ts';
import type { AttrValue, TfFunction, TfFunctionCall, TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf, outputName, tensorName } from '../tensor-name.ts';
import { callsIn } from './calls-in.ts';
import { flattenFunction, instantiate } from './flatten-function.ts';
import { appendCall, checkNesting } from './function-calls.ts';
import { reachable } from './prune.ts';

const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/**
 * Total characters in the names of inlined nodes and their inputs. Nested calls may grow exponentially; the largest
 * detectors take three million.
 */
const MAX_NAME_CHARS = 2 ** 24;

type Functions = ReadonlyMap<string, TfFunction>;

interface Library {
  readonly functions: Functions;
  readonly trim: (body: InferenceFunction) => InferenceFunction;
  readonly flat: Map<string, InferenceFunction>;
  charsLeft: number;
}

const library = (
  functions: Functions,
  trim: Library['trim'],
  flat: ReadonlyMap<string, InferenceFunction> = new Map(),
): Library => ({ functions, trim, flat: new Map(flat), charsLeft: MAX_NAME_CHARS });

/**
 * Inlines all function calls, with nodes named `call/node`, and drops functions that are not bodies of loops or branches.
 * Functions of `model` take precedence over those of the file.
 */
export function inlineCalls(model: InferenceGraph, { functions }: Pick<TfModel, 'functions'>): InferenceGraph {
  const lib = library(functions, reachable, model.functions);
  const outputs = model.outputs.map(output => output.tensor);
  const inputs = model.inputs.map(input => input.node);
  const main = inlineBody({ name: '', inputs, graph: model.graph, outputs }, lib);
  const bodies = new Map<string, InferenceFunction>();
  const waiting = callsIn(main.graph.values()).map(call => ({ call, path: appendCall([], call.name) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { call, path } = next;
    const name = instanceName(call);
    if (bodies.has(name)) continue;
    const body = inlineBody({ ...bodyOf(call, lib), name }, lib);
    bodies.set(name, { ...body, graph: nameInstances(body.graph) });
    // Checked right away: a recursive function may have endless instances.
    for (const inner of callsIn(body.graph.values())) waiting.push({ call: inner, path: appendCall(path, inner.name) });
  }
  checkNesting(bodies);
  return {
    ...model,
    graph: nameInstances(main.graph),
    functions: bodies,
    outputs: model.outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

/** Inlines all calls without pruning, which keeps nodes with side effects. */
export const inlineWithoutPruning = (graph: TfGraph, functions: Functions): TfGraph =>
  inlineBody(
    { name: '', inputs: [], graph, outputs: [] },
    library(functions, body => body),
  ).graph;

/** The function that a node calls, if any. */
export function calledBy(node: TfNode, functions: Functions): TfFunctionCall | undefined {
  if (CALLS.has(node.op)) return attrFunc(node, 'f');
  return functions.has(node.op) ? { name: node.op, attrs: node.attrs } : undefined;
}

function bodyOf({ name, attrs }: TfFunctionCall, { functions, flat, trim }: Library): InferenceFunction {
  let body = flat.get(name);
  if (body === undefined) {
    const given = functions.get(name);
    if (given === undefined) throw new DecantError('malformed', `function '${name}' is not defined`);
    body = trim(flattenFunction(given, functions));
    flat.set(name, body);
  }
  return instantiate(body, attrs);
}

const instanceName = ({ name, attrs }: TfFunctionCall): string =>
  attrs.size === 0 ? name : `${name}${JSON.stringify([...attrs])}`;

function nameInstances(graph: TfGraph): TfGraph {
  const rename = (attr: AttrValue): AttrValue => {
    if (attr.kind === 'list') return { kind: 'list', value: attr.value.map(rename) };
    if (attr.kind !== 'func' || attr.value.attrs.size === 0) return attr;
    return { kind: 'func', value: { name: instanceName(attr.value), attrs: new Map() } };
  };
  const renamed = new Map<string, TfNode>();
  for (const [name, node] of graph) {
    const isCalling = callsIn([node]).length > 0;
    renamed.set(name, isCalling ? { ...node, attrs: mapValues(node.attrs, rename) } : node);
  }
  return renamed;
}

function mapValues<T, U>(map: ReadonlyMap<string, T>, change: (value: T) => U): ReadonlyMap<string, U> {
  const changed = new Map<string, U>();
  for (const [key, value] of map) changed.set(key, change(value));
  return changed;
}

interface Extent {
  readonly nodes: number;
  readonly chars: number;
}

/** @throws DecantError `limit` if the names of a body with all calls inlined are certainly too long: before any is inlined */
function checkExtent(main: InferenceFunction, lib: Library): void {
  const known = new Map<string, Extent>();
  const measure = (body: InferenceFunction, path: readonly string[]): Extent => {
    let nodes = 0;
    let chars = 0;
    for (const node of body.graph.values()) {
      const call = calledBy(node, lib.functions);
      chars += node.name.length;
      if (call === undefined) {
        nodes++;
        continue;
      }
      const longer = appendCall(path, call.name);
      const inner = known.get(call.name) ?? measure(bodyOf(call, lib), longer);
      known.set(call.name, inner);
      nodes += inner.nodes;
      chars += inner.chars + inner.nodes * (node.name.length + 1);
    }
    return { nodes, chars };
  };
  if (measure(main, main.name === '' ? [] : [main.name]).chars > lib.charsLeft) throw tooLarge();
}

const tooLarge = (): DecantError =>
  new DecantError('limit', 'the model is too large once its function calls are inlined');

function inlineBody(main: InferenceFunction, lib: Library): InferenceFunction {
  checkExtent(main, lib);
  const nodes = new Map<string, TfNode>();
  const aliases = new Map<string, string>();

  const inline = (
    body: InferenceFunction,
    prefix: string,
    path: readonly string[],
    bind: (tensor: string) => string,
  ): void => {
    for (const node of body.graph.values()) {
      const name = `${prefix}${node.name}`;
      const inputs = node.inputs.filter(input => !isControl(input)).map(bind);
      lib.charsLeft -= inputs.reduce((sum, input) => sum + input.length, name.length);
      if (lib.charsLeft < 0) throw tooLarge();
      const call = calledBy(node, lib.functions);
      if (call === undefined) {
        if (nodes.has(name)) throw new DecantError('malformed', `two nodes are named '${name}' once calls are inlined`);
        nodes.set(name, { ...node, name, inputs });
        continue;
      }
      const longer = appendCall(path, call.name);
      const inner = bodyOf(call, lib);
      if (inner.inputs.length !== inputs.length) {
        throw new DecantError(
          'malformed',
          `'${name}' calls ${call.name} with ${inputs.length} arguments, expected ${inner.inputs.length}`,
        );
      }
      const given = new Map(inner.inputs.map((argument, i) => [argument, inputs[i]]));
      const bindInner = (tensor: string): string =>
        given.get(tensor) ?? given.get(nodeOf(tensor)) ?? `${name}/${tensor}`;
      inline(inner, `${name}/`, longer, bindInner);
      inner.outputs.forEach((output, k) => aliases.set(outputName(name, k), bindInner(output)));
    }
  };
  inline(main, '', main.name === '' ? [] : [main.name], tensor => tensor);

  const resolve = resolver(aliases);
  const graph = mapValues(nodes, node => ({ ...node, inputs: node.inputs.map(resolve) }));
  return lib.trim({ ...main, graph, outputs: main.outputs.map(resolve) });
}

/** Resolves aliases with path compression: calls that return their arguments form long chains. */
const resolver =
  (aliases: Map<string, string>) =>
  (tensor: string): string => {
    const passed: string[] = [];
    let current = tensor;
    for (let alias = tensorName(current), next = aliases.get(alias); next !== undefined; next = aliases.get(alias)) {
      if (passed.push(alias) > aliases.size)
        throw new DecantError('malformed', `call '${tensor}' depends on its own output`);
      current = next;
      alias = tensorName(current);
    }
    for (const alias of passed) aliases.set(alias, current);
    return current;
  };
