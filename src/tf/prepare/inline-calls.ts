import { DecantError } from '../../errors.ts';
import { attrFunc } from '../attrs.ts';
import type { InferenceFunction, InferenceGraph } from '../inference-graph.ts';
import type { AttrValue, TfAttrs, TfFunction, TfFunctionCall, TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf, shortName } from '../tensor-name.ts';
import { flattenFunction, instantiate } from './flatten-function.ts';
import { callsIn, checkNesting, deeper } from './function-calls.ts';
import { onlyNeeded } from './prune.ts';

const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/**
 * Characters in all names of inlined nodes and of their inputs. A small file of functions that call the next one twice
 * would double with every level; the largest detectors have three million.
 */
const MOST_TEXT = 2 ** 26;

type Functions = ReadonlyMap<string, TfFunction>;

/** What is called. */
interface Library {
  readonly functions: Functions;
  /** Leaves out of a body what it does not need; the whole of it where its side effects count. */
  readonly trim: (body: InferenceFunction) => InferenceFunction;
  /** The functions that were looked at already; an earlier step may have changed them. */
  readonly flat: Map<string, InferenceFunction>;
  textLeft: number;
}

const library = (
  functions: Functions,
  trim: Library['trim'],
  flat: ReadonlyMap<string, InferenceFunction> = new Map(),
): Library => ({ functions, trim, flat: new Map(flat), textLeft: MOST_TEXT });

/**
 * Puts the body of every called function in the place of its call, its nodes named behind the call's name. Of the
 * functions only those stay that loops and branches name, with the calls inside them inlined as well. Functions are those
 * of the closed model, and for others those of the file.
 * @throws DecantError `unsupported` for recursion, `malformed`, `limit`
 */
export function inlineCalls(model: InferenceGraph, { functions }: Pick<TfModel, 'functions'>): InferenceGraph {
  const lib = library(functions, onlyNeeded, model.functions);
  const outputs = model.outputs.map(output => output.tensor);
  const inputs = model.inputs.map(input => input.node);
  const main = inlineBody({ name: '', inputs, graph: model.graph, outputs }, lib);
  const bodies = new Map<string, InferenceFunction>();
  const waiting = Array.from(callsIn(main.graph), call => ({ call, path: deeper([], call.name) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { call, path } = next;
    const name = instanceName(call);
    if (bodies.has(name)) continue;
    const body = inlineBody({ ...bodyOf(call, lib), name }, lib);
    bodies.set(name, { ...body, graph: nameInstances(body.graph) });
    // Checked at once: instances of a function that names itself may be new ones without end.
    for (const inner of callsIn(body.graph)) waiting.push({ call: inner, path: deeper(path, inner.name) });
  }
  checkNesting(bodies);
  return {
    ...model,
    graph: nameInstances(main.graph),
    functions: bodies,
    outputs: model.outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

/** A graph with all nodes of the functions that it calls, also those that nothing but their side effects keeps there. */
export const inlineEverything = (graph: TfGraph, functions: Functions): TfGraph =>
  inlineBody(
    { name: '', inputs: [], graph, outputs: [] },
    library(functions, body => body),
  ).graph;

/** The function that a node calls, if it is a call. */
const calledBy = (node: TfNode, functions: Functions): TfFunctionCall | undefined =>
  CALLS.has(node.op) ? attrFunc(node, 'f') : functions.has(node.op) ? { name: node.op, attrs: node.attrs } : undefined;

function bodyOf({ name, attrs }: TfFunctionCall, { functions, flat, trim }: Library): InferenceFunction {
  let body = flat.get(name);
  if (body === undefined) {
    const given = functions.get(name);
    if (given === undefined) throw new DecantError('malformed', `there is no function '${name}'`);
    body = trim(flattenFunction(given, functions));
    flat.set(name, body);
  }
  return instantiate(body, attrs);
}

/** A body that depends on its caller's types is another one for each of them. */
const instanceName = ({ name, attrs }: TfFunctionCall): string =>
  attrs.size === 0 ? name : `${name}${JSON.stringify([...attrs])}`;

/** Nodes that name the instances of bodies. */
function nameInstances(graph: TfGraph): TfGraph {
  const rename = (attr: AttrValue): AttrValue => {
    if (attr.kind === 'list') return { kind: 'list', value: attr.value.map(rename) };
    if (attr.kind !== 'func' || attr.value.attrs.size === 0) return attr;
    return { kind: 'func', value: { name: instanceName(attr.value), attrs: new Map() } };
  };
  const renameAll = (attrs: TfAttrs): TfAttrs => new Map([...attrs].map(([key, attr]) => [key, rename(attr)]));
  return new Map([...graph].map(([name, node]) => [name, { ...node, attrs: renameAll(node.attrs) }]));
}

function inlineBody(main: InferenceFunction, lib: Library): InferenceFunction {
  const nodes = new Map<string, TfNode>();
  /** What the outputs of calls are. */
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
      lib.textLeft -= inputs.reduce((sum, input) => sum + input.length, name.length);
      if (lib.textLeft < 0) throw new DecantError('limit', 'the functions of the model inline to a graph without end');
      const call = calledBy(node, lib.functions);
      if (call === undefined) {
        if (nodes.has(name))
          throw new DecantError('malformed', `two nodes are called '${name}' when calls are inlined`);
        nodes.set(name, { ...node, name, inputs });
        continue;
      }
      const longer = deeper(path, call.name);
      const inner = bodyOf(call, lib);
      if (inner.inputs.length !== inputs.length) {
        throw new DecantError(
          'malformed',
          `'${name}' calls ${call.name} with ${inputs.length} arguments, not ${inner.inputs.length}`,
        );
      }
      const given = new Map(inner.inputs.map((argument, i) => [argument, inputs[i]]));
      const bindInner = (tensor: string): string =>
        given.get(tensor) ?? given.get(nodeOf(tensor)) ?? `${name}/${tensor}`;
      inline(inner, `${name}/`, longer, bindInner);
      inner.outputs.forEach((output, k) => aliases.set(shortName(`${name}:${k}`), bindInner(output)));
    }
  };
  inline(main, '', main.name === '' ? [] : [main.name], tensor => tensor);

  const resolve = resolver(aliases);
  const graph = new Map([...nodes].map(([name, node]) => [name, { ...node, inputs: node.inputs.map(resolve) }]));
  return lib.trim({ ...main, graph, outputs: main.outputs.map(resolve) });
}

/** Follows aliases to what they stand for, and remembers it: calls that pass on their arguments make long chains. */
const resolver =
  (aliases: Map<string, string>) =>
  (tensor: string): string => {
    const passed: string[] = [];
    let current = tensor;
    for (let alias = shortName(current), next = aliases.get(alias); next !== undefined; next = aliases.get(alias)) {
      if (passed.push(alias) > aliases.size)
        throw new DecantError('malformed', `a call is its own argument: '${tensor}'`);
      current = next;
      alias = shortName(current);
    }
    for (const alias of passed) aliases.set(alias, current);
    return current;
  };
