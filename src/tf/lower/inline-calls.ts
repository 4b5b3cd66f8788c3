import { DecantError } from '../../errors.ts';
import { attrFunc } from '../attrs.ts';
import type { ClosedFunction, ClosedModel } from '../closed-model.ts';
import type { TfFunction, TfNode } from '../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../tensor-name.ts';
import { flattenFunction } from './flatten-function.ts';
import { functionsNamedIn, pruneBody } from './prune.ts';

const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** Calls within calls: what nests deeper calls itself. */
const DEEPEST = 100;

/** Nodes that inlining may make: functions that call each other twice double with every level. */
const MOST_NODES = 2_000_000;

type Functions = ReadonlyMap<string, TfFunction>;

/**
 * Puts the body of every called function in the place of its call, its nodes named behind the call's name. Of the
 * functions only those stay that loops and branches name, with the calls inside them inlined as well.
 */
export function inlineCalls(model: ClosedModel, functions: Functions): ClosedModel {
  const outputs = model.outputs.map(output => output.tensor);
  const inputs = model.inputs.map(input => input.node);
  // Pruned at once: what nobody needs calls hundreds of functions that serve saving and training.
  const main = pruneBody(inlineGraph({ name: '', inputs, graph: model.graph, outputs }, functions));
  const bodies = new Map<string, ClosedFunction>();
  const waiting = [...functionsNamedIn(main.graph)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (bodies.has(name)) continue;
    const body = functions.get(name);
    if (body === undefined) throw new DecantError('malformed', `there is no function '${name}'`);
    const inlined = pruneBody(inlineGraph(flattenFunction(body, functions), functions));
    bodies.set(name, inlined);
    waiting.push(...functionsNamedIn(inlined.graph));
  }
  return {
    ...model,
    graph: main.graph,
    functions: bodies,
    outputs: model.outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

/** The function that a node calls, if it is a call. */
function calledBy(node: TfNode, functions: Functions): TfFunction | undefined {
  const name = CALLS.has(node.op) ? attrFunc(node, 'f').name : functions.has(node.op) ? node.op : undefined;
  if (name === undefined) return undefined;
  const body = functions.get(name);
  if (body === undefined) throw new DecantError('malformed', `'${node.name}' calls '${name}', which is not there`);
  return body;
}

function inlineGraph(main: ClosedFunction, functions: Functions): ClosedFunction {
  const flat = new Map<string, ClosedFunction>();
  const nodes: TfNode[] = [];
  /** What the outputs of calls are. */
  const aliases = new Map<string, string>();

  const inline = (
    body: ClosedFunction,
    prefix: string,
    path: readonly string[],
    bind: (tensor: string) => string,
  ): void => {
    for (const node of body.graph.values()) {
      const name = `${prefix}${node.name}`;
      const inputs = node.inputs.filter(input => !isControl(input)).map(bind);
      const called = calledBy(node, functions);
      if (called === undefined) {
        if (nodes.push({ ...node, name, inputs }) > MOST_NODES) {
          throw new DecantError('limit', `the functions inline to more than ${MOST_NODES} nodes`);
        }
        continue;
      }
      if (path.includes(called.name) || path.length > DEEPEST) {
        throw new DecantError(
          'unsupported',
          `function ${called.name} calls itself: ${[...path, called.name].join(' -> ')}`,
        );
      }
      const inner = flat.get(called.name) ?? flattenFunction(called, functions);
      flat.set(called.name, inner);
      const given = new Map(inner.inputs.map((argument, i) => [argument, inputs[i]]));
      const bindInner = (tensor: string): string => {
        const argument = given.get(tensor) ?? given.get(nodeOf(tensor));
        return argument ?? `${name}/${tensor}`;
      };
      inline(inner, `${name}/`, [...path, called.name], bindInner);
      inner.outputs.forEach((output, k) => aliases.set(`${name}:${k}`, bindInner(output)));
    }
  };
  inline(main, '', [], tensor => tensor);

  const resolve = (tensor: string): string => {
    let current = tensor;
    for (let target = aliasOf(aliases, current); target !== undefined; target = aliasOf(aliases, current))
      current = target;
    return current;
  };
  const graph = new Map(nodes.map(node => [node.name, { ...node, inputs: node.inputs.map(resolve) }]));
  return { ...main, graph, outputs: main.outputs.map(resolve) };
}

const aliasOf = (aliases: ReadonlyMap<string, string>, tensor: string): string | undefined =>
  aliases.get(`${nodeOf(tensor)}:${outputIndexOf(tensor)}`);
