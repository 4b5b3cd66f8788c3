import { DecantError } from '../../../errors.ts';
import type { InferenceFunction, InferenceGraph, InferenceOutput } from '../../inference-graph.ts';
import type { TfFunction, TfModel, TfNode } from '../../model.ts';
import { isControl, nodeOf } from '../../tensor-name.ts';
import { flattenFunction } from '../flatten-function.ts';
import { functionsNamedIn } from '../prune.ts';
import { functionalizeBody } from './body.ts';
import { Contexts } from './contexts.ts';
import { flowOp } from './flow-ops.ts';
import { findLoops } from './loops.ts';

/**
 * Turns the control flow of TensorFlow 1, which is loop frames and merged branches, into While and If: in the graph, and
 * in the functions that it needs. These functions are then the closed model's, together with the bodies of While and If.
 *
 * @throws DecantError `unsupported` for control flow that is neither a loop nor a branch
 */
export function functionalizeControlFlow(model: InferenceGraph, { functions, signatures }: TfModel): InferenceGraph {
  const raised = new Map<string, InferenceFunction>();
  const names = new Set<string>();
  const raise = (body: InferenceFunction): InferenceFunction => {
    const [main, ...bodies] = functionalizeBody(body);
    for (const each of bodies) raised.set(each.name, each);
    for (const { graph } of [main, ...bodies]) {
      for (const name of functionsNamedIn(graph)) names.add(name);
      for (const { op } of graph.values()) if (functions.has(op)) names.add(op);
    }
    return main;
  };
  const outputs = signatures.size === 0 ? resultsOf(model) : model.outputs;
  const inputs = model.inputs.map(({ node }) => node);
  const main = raise({ name: '', inputs, graph: model.graph, outputs: outputs.map(({ tensor }) => tensor) });
  for (const name of names) {
    const body = functions.get(name);
    if (body !== undefined) raised.set(name, raise(withControl(body, functions)));
  }
  return {
    ...model,
    graph: main.graph,
    functions: raised,
    outputs: outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

/** Of the ends of a graph those that are results: not marks of a turn or branch, nor what others wait for. */
function resultsOf({ graph, outputs }: InferenceGraph): readonly InferenceOutput[] {
  const tensors = outputs.map(({ tensor }) => tensor);
  const contexts = new Contexts(graph, findLoops(graph), tensors);
  const always = outputs.filter(({ tensor }) => contexts.of(tensor).size === 0);
  if (always.length === 0) throw new DecantError('not-a-model', 'all ends of the graph are in loops and branches');
  const awaited = new Set([...graph.values()].flatMap(({ inputs }) => inputs.filter(isControl).map(nodeOf)));
  const results = always.filter(
    ({ tensor }) => !awaited.has(nodeOf(tensor)) && flowOp(graph.get(nodeOf(tensor))) === undefined,
  );
  return results.length > 0 ? results : always;
}

/** A function flattened, but with the control inputs of its nodes, which tell in which branch a constant is. */
function withControl(body: TfFunction, functions: TfModel['functions']): InferenceFunction {
  const flat = flattenFunction(body, functions);
  const graph = new Map<string, TfNode>();
  for (const node of flat.graph.values()) {
    const control = body.nodes.get(node.name)!.inputs.filter(isControl);
    graph.set(node.name, { ...node, inputs: [...node.inputs, ...control] });
  }
  return { ...flat, graph };
}
