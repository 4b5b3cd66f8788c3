import { DecantError, within } from '../../errors.ts';
import type { AttrValue, Signature, TensorInfo, TfGraph } from '../model.ts';
import { BUILTIN_OPS } from './builtin-ops.ts';
import { type Attrs, LiteGraph, type } from './lite-graph.ts';
import { dequantized, LiteOp, type LiteValues, quantized, rounded } from './lite-op.ts';
import { liteTensor, type LiteTensor, rangeOf } from './lite-tensor.ts';
import { translatorOf } from './lite-translators.ts';
import { DETECTION } from './ops/custom.ts';
import type { LiteModel, StoredOperator, Subgraph } from './schema.ts';

/** Ops that move elements, or choose some of them: if the levels of the output are those of the inputs, nothing is rounded. */
const MOVES = new Set(
  `
  BATCH_TO_SPACE_ND BROADCAST_TO CONCATENATION DEPTH_TO_SPACE EXPAND_DIMS GATHER GATHER_ND MAXIMUM MAX_POOL_2D MINIMUM
  MIRROR_PAD PACK PAD QUANTIZE REDUCE_MAX REDUCE_MIN RESHAPE RESIZE_NEAREST_NEIGHBOR REVERSE_V2 SELECT SELECT_V2 SLICE
  SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQUEEZE STRIDED_SLICE TILE TOPK_V2 TRANSPOSE UNPACK
`
    .trim()
    .split(/\s+/),
);

const CUSTOM = 32;

/** What TensorFlow Lite calls the tensors of inputs and outputs whose names in the signature differ. */
export interface LiteGraphs {
  readonly graph: TfGraph;
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly names: ReadonlyMap<string, string>;
}

interface Ports {
  readonly key: string;
  readonly subgraph: number;
  readonly inputs: readonly (readonly [name: string, tensor: number])[];
  readonly outputs: readonly (readonly [name: string, tensor: number])[];
}

export function toGraphs(model: LiteModel, file: Uint8Array): LiteGraphs {
  const graph = new LiteGraph();
  const names = new Map<string, string>();
  const signatures = new Map<string, Signature>();
  for (const ports of portsOf(model)) {
    const subgraph = model.subgraphs[ports.subgraph];
    if (subgraph === undefined) throw new DecantError('malformed', `there is no subgraph ${ports.subgraph}`);
    signatures.set(ports.key, toSignature(model, file, subgraph, ports, graph, names));
  }
  return { graph: graph.nodes, signatures, names };
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
  model: LiteModel,
  file: Uint8Array,
  subgraph: Subgraph,
  ports: Ports,
  graph: LiteGraph,
  names: Map<string, string>,
): Signature {
  const tensors = subgraph.tensors.map((tensor, i) =>
    within(`in tensor ${i}, '${tensor.name}'`, () => liteTensor(model, file, tensor)),
  );
  const values: LiteValues = { graph, tensors, reals: new Map(), integers: new Map() };
  const tensorAt = (index: number): LiteTensor => {
    const tensor = tensors[index];
    if (tensor === undefined) throw new DecantError('malformed', `there is no tensor ${index}`);
    return tensor;
  };
  const inputs = ports.inputs.map(([name, index]) => [name, input(values, index, tensorAt(index))] as const);
  for (const operator of subgraph.operators) translate(model, file, operator, values);
  const detections = detectionOutputs(model, subgraph);
  const outputs = ports.outputs.map(([given, index]) => {
    const name = detections.get(index) ?? given;
    const { stored } = tensorAt(index);
    if (stored !== name) names.set(name, stored);
    return [name, output(values, index, tensorAt(index))] as const;
  });
  for (const [name, index] of ports.inputs)
    if (tensorAt(index).stored !== name) names.set(name, tensorAt(index).stored);
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

function translate(model: LiteModel, file: Uint8Array, stored: StoredOperator, values: LiteValues): void {
  const name = opName(model, stored);
  const op = new LiteOp(name, stored, customOptions(file, stored), values);
  const { graph, reals } = values;
  within(`in op ${name}`, () => {
    if (op.outputs.length === 0) return;
    const scope = graph.enter(op.output(0).stored);
    within(`of '${scope}'`, () => {
      const translator = translatorOf(name);
      const made = translator === undefined ? untranslated(op, graph) : translator(op, graph);
      const results = typeof made === 'string' ? [made] : made;
      op.outputs.forEach((index, i) => {
        if (results[i] !== undefined) reals.set(index, asStored(op, i, results[i], values));
      });
    });
  });
}

/** An op that the translation refuses with all others, or that a translator of the user translates. */
function untranslated(op: LiteOp, graph: LiteGraph): readonly string[] {
  const attrs: Attrs = { custom_options: { kind: 'bytes', value: op.custom } satisfies AttrValue };
  const inputs = op.inputs.flatMap((_, i) => (op.has(i) ? [op.input(i)] : []));
  return graph.addAll(op.type, op.outputs.length, inputs, attrs);
}

/** Rounds a result to the levels that its tensor has. */
function asStored(op: LiteOp, index: number, x: string, { graph }: LiteValues): string {
  const tensor = op.output(index);
  const { quantization } = tensor;
  if (quantization === undefined) return x;
  if (op.type === 'CAST') return dequantized(graph, x, tensor);
  return MOVES.has(op.type) && hasLevelsOfInputs(op, tensor) ? x : rounded(graph, x, tensor, quantization);
}

function hasLevelsOfInputs(op: LiteOp, output: LiteTensor): boolean {
  const { low, high } = rangeOf(output, output.quantization!);
  return op.inputs.every((_, i) => {
    if (!op.has(i)) return true;
    const { quantization, dtype } = op.tensor(i);
    if (quantization === undefined) return dtype !== 'DT_FLOAT';
    const range = rangeOf(op.tensor(i), quantization);
    return quantization.scales.length === 1 && range.low === low && range.high === high;
  });
}

function opName({ codes }: LiteModel, { code }: StoredOperator): string {
  const stored = codes[code];
  if (stored === undefined) throw new DecantError('malformed', `there is no operator code ${code}`);
  // Files of old converters have only the first field, which holds at most 127.
  const builtin = Math.max(stored.deprecated, stored.builtin);
  if (builtin === CUSTOM) return stored.custom;
  return BUILTIN_OPS[builtin] ?? `op number ${builtin}`;
}

function customOptions(
  file: Uint8Array,
  { customOptions: inside, customOffset, customSize }: StoredOperator,
): Uint8Array {
  if (customOffset <= 1) return inside ?? new Uint8Array(0);
  if (customOffset + customSize <= file.byteLength) return file.subarray(customOffset, customOffset + customSize);
  throw new DecantError('malformed', `options of an op end at byte ${customOffset + customSize} of ${file.byteLength}`);
}
