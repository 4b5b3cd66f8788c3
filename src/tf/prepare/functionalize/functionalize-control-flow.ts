import type { InferenceFunction, InferenceGraph } from '../../inference-graph.ts';
import type { TfFunction, TfGraph, TfModel, TfNode } from '../../model.ts';
import { isControl } from '../../tensor-name.ts';
import { VARIABLE_CHANGES } from '../../variable-ops.ts';
import type { bindAssignments } from '../bind-assignments.ts';
import { functionsNamedIn, reachable } from '../prune.ts';
import type { functionalizeBody } from './body.ts';
import { flowOp } from './flow-ops.ts';

/**
 * Replaces TensorFlow 1 control flow (Switch, Merge and loop frames) by While and If, in the graph and in the functions
 * that it uses. Those functions, and the bodies of While and If, become the functions of the result. Assignments to variables
 * are bound here, too: they depend on control inputs as well.
 */
export async function functionalizeControlFlow(
  model: InferenceGraph,
  { functions, signatures }: TfModel,
): Promise<InferenceGraph> {
  const outputs = signatures.size === 0 ? (await import('./results-of.ts')).resultsOf(model) : model.outputs;
  // Without what saves, restores and initializes variables, whose functions are large.
  const whole = reachable(
    {
      name: '',
      inputs: model.inputs.map(({ node }) => node),
      graph: model.graph,
      outputs: outputs.map(({ tensor }) => tensor),
    },
    { control: true },
  );
  const graphs = [...reachedFrom(whole.graph, functions)];
  const flow = graphs.some(hasFlow) ? await import('./body.ts') : WITHOUT_FLOW;
  const variables = graphs.some(assigns) ? await import('../bind-assignments.ts') : WITHOUT_ASSIGNMENTS;
  const functionalized = new Map<string, InferenceFunction>();
  const names = new Set<string>();
  const functionalize = (body: InferenceFunction): InferenceFunction => {
    const [main, ...bodies] = flow.functionalizeBody(variables.bindAssignments(body, functions));
    for (const each of bodies) functionalized.set(each.name, each);
    for (const { graph } of [main, ...bodies]) for (const name of functionsIn(graph, functions)) names.add(name);
    return main;
  };
  const main = functionalize(whole);
  for (const name of names) {
    const body = functions.get(name);
    if (body !== undefined) functionalized.set(name, functionalize(await withControlInputs(body, functions)));
  }
  return {
    ...model,
    graph: main.graph,
    functions: functionalized,
    outputs: outputs.map(({ name }, i) => ({ name, tensor: main.outputs[i]! })),
  };
}

/** A graph, and those of the functions that it uses. Others are not decoded: training leaves many. */
function reachedFrom(graph: TfGraph, functions: TfModel['functions']): ReadonlySet<TfGraph> {
  const reached = new Set([graph]);
  for (const each of reached) {
    for (const name of functionsIn(each, functions)) {
      const body = functions.get(name);
      if (body !== undefined) reached.add(body.nodes);
    }
  }
  return reached;
}

/** Names of the functions that nodes call or pass on. */
function functionsIn(graph: TfGraph, functions: TfModel['functions']): ReadonlySet<string> {
  const names = new Set(functionsNamedIn(graph));
  for (const { op } of graph.values()) if (functions.has(op)) names.add(op);
  return names;
}

const hasFlow = (graph: TfGraph): boolean => [...graph.values()].some(node => flowOp(node) !== undefined);

const assigns = (graph: TfGraph): boolean => [...graph.values()].some(({ op }) => VARIABLE_CHANGES.test(op));

const WITHOUT_FLOW: { readonly functionalizeBody: typeof functionalizeBody } = {
  functionalizeBody: body => [reachable(body)],
};

const WITHOUT_ASSIGNMENTS: { readonly bindAssignments: typeof bindAssignments } = { bindAssignments: body => body };

/** Flattens a function but keeps control inputs, which place constants in cond contexts. */
async function withControlInputs(body: TfFunction, functions: TfModel['functions']): Promise<InferenceFunction> {
  const { flattenFunction } = await import('../flatten-function.ts');
  const flat = flattenFunction(body, functions);
  const graph = new Map<string, TfNode>();
  for (const node of flat.graph.values()) {
    const control = body.nodes.get(node.name)!.inputs.filter(isControl);
    graph.set(node.name, { ...node, inputs: [...node.inputs, ...control] });
  }
  return { ...flat, graph };
}
