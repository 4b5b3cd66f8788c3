import { DecantError } from '../../errors.ts';
import type { InferenceFunction, InferenceGraph } from '../inference-graph.ts';
import type { TfGraph, TfNode } from '../model.ts';
import { isControl, nodeOf } from '../tensor-name.ts';
import { callsIn } from './calls-in.ts';
import { inputOf } from './input-of.ts';

/**
 * Removes what the outputs do not depend on, and sorts the rest topologically. Ignores control dependencies, which order
 * side effects and asserts. Placeholders that remain become inputs.
 */
export function prune(model: InferenceGraph): InferenceGraph {
  const cut = new Set(model.inputs.map(input => input.node));
  const outputs = model.outputs.map(output => output.tensor);
  const { graph } = pruneBody({ name: '', inputs: [...cut], graph: model.graph, outputs });
  const nodes = [...graph.values()];
  const hidden = nodes
    .filter(node => node.op === 'Placeholder' && !cut.has(node.name))
    .map(node => inputOf(node.name, node));
  return { ...model, graph, functions: pruneFunctions(graph, model.functions), inputs: [...model.inputs, ...hidden] };
}

export const functionsNamedIn = (graph: TfGraph): readonly string[] => callsIn(graph.values()).map(({ name }) => name);

function pruneFunctions(graph: TfGraph, functions: InferenceGraph['functions']): InferenceGraph['functions'] {
  const kept = new Map<string, InferenceFunction>();
  const waiting = [...functionsNamedIn(graph)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const body = functions.get(name);
    if (kept.has(name) || body === undefined) continue;
    const pruned = pruneBody(body);
    kept.set(name, pruned);
    for (const inner of functionsNamedIn(pruned.graph)) waiting.push(inner);
  }
  return kept;
}

function pruneBody(body: InferenceFunction): InferenceFunction {
  const order = topologicalOrder(body.graph, body.outputs.map(nodeOf), new Set(body.inputs));
  return { ...body, graph: new Map(order.map(node => [node.name, node])) };
}

/** Keeps what the outputs depend on; with `control`, also what runs before. */
export function reachable(body: InferenceFunction, { control = false } = {}): InferenceFunction {
  const cut = new Set(body.inputs);
  const needed = new Set<string>();
  const waiting = body.outputs.map(nodeOf);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const inputs = cut.has(name) ? [] : (body.graph.get(name)?.inputs ?? []);
    for (const input of inputs) if (control || !isControl(input)) waiting.push(nodeOf(input));
  }
  const graph = new Map<string, TfNode>();
  for (const [name, node] of body.graph) if (needed.has(name)) graph.set(name, node);
  return { ...body, graph };
}

/** Sorts the dependencies of `roots` topologically. Names in `cut` have no dependencies, and need not be nodes. */
export function topologicalOrder(
  graph: TfGraph,
  roots: readonly string[],
  cut: ReadonlySet<string>,
): readonly TfNode[] {
  const order: TfNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const root of roots) {
    const stack: { node: TfNode; next: number }[] = [];
    const enter = (name: string, user: string | undefined): void => {
      const known = state.get(name);
      if (known === 'done') return;
      if (known === 'open')
        throw cycle(
          stack.map(({ node }) => node.name),
          name,
        );
      const node = graph.get(name);
      if (node === undefined && cut.has(name)) return;
      if (node === undefined) {
        const problem = user === undefined ? `output '${name}'` : `'${user}' uses '${name}', which`;
        throw new DecantError('malformed', `${problem} is not in the graph`);
      }
      state.set(name, 'open');
      stack.push({ node, next: 0 });
    };
    enter(root, undefined);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = cut.has(top.node.name) ? undefined : top.node.inputs[top.next++];
      if (input === undefined) {
        stack.pop();
        state.set(top.node.name, 'done');
        order.push(top.node);
      } else if (!isControl(input)) {
        enter(nodeOf(input), top.node.name);
      }
    }
  }
  return order;
}

function cycle(path: readonly string[], name: string): DecantError {
  const around = path.slice(path.indexOf(name));
  const shown = around.length > 6 ? [...around.slice(0, 3), '...', ...around.slice(-2)] : around;
  return new DecantError('unsupported', `the graph has a cycle: ${[...shown, name].join(' -> ')}`, {
    remedy: 'Pass a graph without cycles, or the SavedModel it was made from.',
  });
}
