import { DecantError } from '../../errors.ts';
import type { Signature, TensorInfo, TfFunction, TfGraph } from '../model.ts';
import { assignsVariables } from './assigns-variables.ts';
import { LiteGraph, type } from './lite-graph.ts';
import { dequantized, type LiteValues, quantized } from './lite-op.ts';
import { LiteSubgraphs } from './lite-subgraphs.ts';
import type { LiteTensor } from './lite-tensor.ts';
import { DETECTION } from './ops/custom.ts';
import type { LiteModel, Subgraph } from './schema.ts';
import { toFunctions } from './to-functions.ts';
import { translateOperator } from './translate-operator.ts';

/** `names` is what TensorFlow Lite calls the tensors of inputs and outputs: in the first signature with such a port. */
export interface LiteGraphs {
  readonly graph: TfGraph;
  readonly functions: ReadonlyMap<string, TfFunction>;
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly names: ReadonlyMap<string, string>;
}

interface Ports {
  readonly key: string;
  readonly subgraph: number;
  readonly inputs: readonly (readonly [name: string, tensor: number])[];
  readonly outputs: readonly (readonly [name: string, tensor: number])[];
}

/** @param outputNames replaces the names of the outputs of the first subgraph, in their order */
export function toGraphs(model: LiteModel, file: Uint8Array, outputNames: readonly string[] = []): LiteGraphs {
  const subgraphs = new LiteSubgraphs(model, file);
  const graph = new LiteGraph();
  const names = new Map<string, string>();
  const renamed = new Map(outputNames.map((name, i) => [model.subgraphs[0]?.outputs?.[i] ?? -1, name]));
  const signatures = new Map(
    portsOf(model).map(ports => {
      const outputs = ports.outputs.map(([own, at]) => [renamed.get(at) ?? own, at] as const);
      return [ports.key, toSignature(subgraphs, { ...ports, outputs }, graph, names)];
    }),
  );
  return { graph: graph.nodes, functions: toFunctions(subgraphs), signatures, names };
}

/** A model without signatures has the inputs and outputs of its first subgraph. */
function portsOf({ signatures, subgraphs }: LiteModel): readonly Ports[] {
  const named = (ports: LiteModel['signatures'][number]['inputs']): Ports['inputs'] =>
    ports.map(({ name, tensor }) => [name, tensor]);
  const stored = signatures.map(({ key, subgraph, inputs, outputs }) => ({
    key,
    subgraph,
    inputs: named(inputs),
    outputs: named(outputs),
  }));
  if (stored.length > 0) return stored;
  const [first] = subgraphs;
  if (first === undefined) throw new DecantError('malformed', 'the model has no subgraph');
  const own = (indices: readonly number[] = []): Ports['inputs'] => {
    const all = indices.map(index => first.tensors[index]?.name ?? '');
    const unique = all.map((name, i) => (all.indexOf(name) === i && name !== '' ? name : `${name}_${i}`));
    return indices.map((index, i) => [unique[i]!, index]);
  };
  return [{ key: 'serving_default', subgraph: 0, inputs: own(first.inputs), outputs: own(first.outputs) }];
}

function toSignature(
  subgraphs: LiteSubgraphs,
  { subgraph: index, inputs: given, outputs: returned }: Ports,
  graph: LiteGraph,
  names: Map<string, string>,
): Signature {
  const tensors = subgraphs.tensors(index);
  const changes = assignsVariables(subgraphs, [index]);
  const values: LiteValues = {
    subgraphs,
    graph,
    tensors,
    reals: new Map(),
    integers: new Map(),
    assignsVariables: changes,
  };
  const tensorAt = (at: number): LiteTensor => subgraphs.tensor(index, at);
  const inputs = given.map(([name, at]) => [name, input(values, at, tensorAt(at))] as const);
  const subgraph = subgraphs.at(index);
  for (const operator of subgraph.operators) translateOperator(operator, values);
  const detections = detectionOutputs(subgraphs.model, subgraph);
  const outputs = returned.map(([own, at]) => {
    const name = detections.get(at) ?? own;
    const { stored } = tensorAt(at);
    if (!names.has(name)) names.set(name, stored);
    return [name, output(values, at, tensorAt(at))] as const;
  });
  for (const [name, at] of given) if (!names.has(name)) names.set(name, tensorAt(at).stored);
  return { inputs: new Map(inputs), outputs: new Map(outputs) };
}

function input({ graph, reals, integers }: LiteValues, index: number, tensor: LiteTensor): TensorInfo {
  const { stored, dtype, shape } = tensor;
  const name = graph.place(graph.enter(stored), 'Placeholder', [], {
    dtype: type(dtype),
    shape: { kind: 'shape', value: shape },
  });
  integers.set(index, name);
  reals.set(index, tensor.quantization === undefined ? name : dequantized(graph, name, tensor));
  return { tensor: name, dtype, shape };
}

function output({ graph, reals, integers }: LiteValues, index: number, tensor: LiteTensor): TensorInfo {
  const { stored, dtype, shape, quantization, content } = tensor;
  graph.enter(stored);
  const real = reals.get(index) ?? (content && graph.constant(content));
  if (real === undefined) throw new DecantError('malformed', `output '${stored}' is not computed`);
  const isReal = quantization === undefined || !reals.has(index);
  return { tensor: isReal ? real : (integers.get(index) ?? quantized(graph, real, tensor)), dtype, shape };
}

/** Outputs of the op that selects detections get its name, by which their order is known. */
function detectionOutputs(model: LiteModel, { operators }: Subgraph): ReadonlyMap<number, string> {
  const found = operators.filter(({ code }) => model.codes[code]?.custom === DETECTION);
  const [only] = found;
  if (only === undefined || found.length > 1) return new Map();
  return new Map((only.outputs ?? []).map((tensor, i) => [tensor, i === 0 ? DETECTION : `${DETECTION}:${i}`]));
}
