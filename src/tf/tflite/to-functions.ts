import { within } from '../../errors.ts';
import type { TfArg, TfFunction } from '../model.ts';
import { LiteGraph } from './lite-graph.ts';
import { type LiteValues, realOf } from './lite-op.ts';
import type { LiteCall, LiteSubgraphs } from './lite-subgraphs.ts';
import { type LiteTensor, realTypeOf } from './lite-tensor.ts';
import { translateOperator } from './translate-operator.ts';

/** Returns the subgraphs that ops call, with reals for quantized tensors. */
export function toFunctions(subgraphs: LiteSubgraphs): ReadonlyMap<string, TfFunction> {
  const functions = new Map<string, TfFunction>();
  // Translating one may add others to those that are called.
  for (const [name, call] of subgraphs.called) {
    functions.set(
      name,
      within(`in subgraph ${call.index}`, () => toFunction(subgraphs, name, call)),
    );
  }
  return functions;
}

const argument = (name: string, tensor: LiteTensor): TfArg => ({
  name,
  type: realTypeOf(tensor),
  typeAttr: undefined,
  numberAttr: undefined,
  typeListAttr: undefined,
});

function toFunction(subgraphs: LiteSubgraphs, name: string, { index, assignsVariables }: LiteCall): TfFunction {
  const { inputs = [], outputs = [], operators } = subgraphs.at(index);
  const graph = new LiteGraph();
  const reals = new Map(inputs.map((at, i) => [at, `arg${i}`]));
  const tensors = subgraphs.tensors(index);
  const values: LiteValues = { subgraphs, graph, tensors, reals, integers: new Map(), assignsVariables };
  for (const operator of operators) translateOperator(operator, values);
  graph.enter('result');
  return {
    name,
    inputs: inputs.map((at, i) => argument(`arg${i}`, subgraphs.tensor(index, at))),
    outputs: outputs.map((at, i) => argument(`result${i}`, subgraphs.tensor(index, at))),
    nodes: graph.nodes,
    returns: new Map(outputs.map((at, i) => [`result${i}`, realOf(at, values, `output ${i}`)])),
  };
}
