import { DecantError } from '../../../errors.ts';
import type { InferenceFunction, InferenceGraph, InferenceOutput } from '../../inference-graph.ts';
import type { TfFunction, TfModel, TfNode } from '../../model.ts';
import { isControl, nodeOf } from '../../tensor-name.ts';
import { bindAssignments } from '../bind-assignments.ts';
import { flattenFunction } from '../flatten-function.ts';
import { functionsNamedIn } from '../prune.ts';
import { functionalizeBody } from './body.ts';
import { Contexts } from './contexts.ts';
import { flowOp } from './flow-ops.ts';
import { findLoops } from './loops.ts';

/**
 * Replaces TensorFlow 1 control flow (Switch, Merge and loop frames) by While and If, in the graph and in the functions
 * that it uses. Those functions, and the bodies of While and If, become the functions of the result. Assignments to variables
 * are bound here, too: they depend on control inputs as well.
 */
export function functionalizeControlFlow(model: InferenceGraph, { functions, signatures }: TfModel): InferenceGraph {
  const functionalized = new Map<string, InferenceFunction>();
  const names = new Set<string>();
  const functionalize = (body: InferenceFunction): InferenceFunction => {
    const [main, ...bodies] = functionalizeBody(bindAssignments(body, functions));
    for (const each of bodies) functionalized.set(each.name, each);
    for (const { graph } of [main, ...bodies]) {
      for (const name of functionsNamedIn(graph)) names.add(name);
      for (const { op } of graph.values()) if (functions.has(op)) names.add(op);
    }
    return main;
  };
  const outputs = signatures.size === 0 ? resultsOf(model) : model.outputs;
  const inputs = model.inputs.map(({ node }) => node);
  const main = functionalize({ name: '', inputs, graph: model.graph, outputs: outputs.map(({ tensor }) => tensor) });
  for (const name of names) {
    const body = functions.get(name);
    if (body !== undefined) functionalized.set(name, functionalize(withControlInputs(body, functions)));
  }
  return {
    ...model,
    graph: main.graph,
    functions: functionalized,
    outputs: outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

function resultsOf({ graph, outputs }: InferenceGraph): readonly InferenceOutput[] {
  const tensors = outputs.map(({ tensor }) => tensor);
  const contexts = new Contexts(graph, findLoops(graph), tensors);
  const unconditional = outputs.filter(({ tensor }) => contexts.of(tensor).size === 0);
  if (unconditional.length === 0) {
    throw new DecantError('unsupported', 'every result of the graph is inside a loop or branch', {
      remedy: 'Choose a tensor behind it with --output, or pass a SavedModel, whose signature names the outputs.',
    });
  }
  const controls = new Set([...graph.values()].flatMap(({ inputs }) => inputs.filter(isControl).map(nodeOf)));
  const results = unconditional.filter(
    ({ tensor }) => !controls.has(nodeOf(tensor)) && flowOp(graph.get(nodeOf(tensor))) === undefined,
  );
  return results.length > 0 ? results : unconditional;
}

/** Flattens a function but keeps control inputs, which place constants in cond contexts. */
function withControlInputs(body: TfFunction, functions: TfModel['functions']): InferenceFunction {
  const flat = flattenFunction(body, functions);
  const graph = new Map<string, TfNode>();
  for (const node of flat.graph.values()) {
    const control = body.nodes.get(node.name)!.inputs.filter(isControl);
    graph.set(node.name, { ...node, inputs: [...node.inputs, ...control] });
  }
  return { ...flat, graph };
}
