import { DecantError } from '../../errors.ts';
import type { InferenceInput, InferenceGraph, InferenceOutput } from '../inference-graph.ts';
import { elementTypeOf } from '../data-type.ts';
import { formatSize, formatSizes, type InputSize, type InputSpec, unifySizes } from '../input-spec.ts';
import { cutGraph, findTensor } from './cut-graph.ts';
import { prune } from './prune.ts';
import { unknownName } from './unknown-name.ts';

export interface IoOptions {
  /** Shapes and types of inputs, and inner tensors to cut the graph at. They come first, in this order. */
  readonly inputs?: readonly InputSpec[];
  /** Shapes of inputs, without a change of order. */
  readonly inputShapes?: readonly InputSpec[];
  /** Outputs, or inner tensors, by name; all outputs of the signature by default. */
  readonly outputs?: readonly string[];
  /** Replaces a batch dimension that is dynamic or 1; -1 for dynamic. */
  readonly batch?: number;
  /** Replaces a batch dimension that is dynamic, unless `batch` is given. */
  readonly dynamicBatch?: number;
}

export function selectIo(model: InferenceGraph, options: IoOptions): InferenceGraph {
  const { inputs = [], inputShapes = [], outputs, batch, dynamicBatch } = options;
  const shaped = { ...model, inputs: withShapes(model, inputShapes) };
  const reduced = outputs === undefined ? shaped : prune({ ...shaped, outputs: chosenOutputs(shaped, outputs) });
  const { model: cut, chosen } = withInputs(reduced, named(inputs, model.inputs));
  const pruned = cut === shaped ? shaped : prune(cut);
  // Inputs before a cut become unused and are dropped; inputs that the model never used stay.
  const others = pruned.inputs.filter(
    ({ name, node }) => !chosen.includes(name) && (pruned.graph.has(node) || !model.graph.has(node)),
  );
  const all = [...chosen.map(name => pruned.inputs.find(input => input.name === name)!), ...others];
  const sized = all.map(input => {
    const size = batch ?? (isDynamicBatch(input, dynamicBatch) ? dynamicBatch : undefined);
    return size === undefined ? input : withBatch(input, size);
  });
  const ones = new Set(model.inputs.filter(isSavedForOne).map(({ node }) => node));
  return ones.size === 0 ? { ...pruned, inputs: sized } : { ...pruned, ...withBatchOfOne(sized, ones) };
}

function withBatchOfOne(
  inputs: readonly InferenceInput[],
  ones: ReadonlySet<string>,
): Pick<InferenceGraph, 'inputs' | 'batch'> {
  const grown = inputs.filter(({ node, shape }) => ones.has(node) && shape?.[0] !== 1);
  const [first, ...others] = grown;
  if (first === undefined) return { inputs };
  const batch = first.shape![0]!;
  const conflicting = others.find(({ shape }) => formatSize(shape![0]!) !== formatSize(batch));
  if (conflicting !== undefined) {
    throw new DecantError(
      'invalid-argument',
      `input '${first.name}' has batch ${formatSize(batch)}, but input '${conflicting.name}' has batch ${formatSize(conflicting.shape![0]!)}`,
    );
  }
  const one = (input: InferenceInput): InferenceInput =>
    hasBatch(input) && formatSize(input.shape![0]!) === formatSize(batch)
      ? { ...input, shape: [1, ...input.shape!.slice(1)] }
      : input;
  return { inputs: inputs.map(one), batch };
}

function withShapes(model: InferenceGraph, specs: readonly InputSpec[]): readonly InferenceInput[] {
  return named(specs, model.inputs).reduce((inputs, spec) => {
    const known = inputNamed(inputs, spec.name);
    if (known === undefined) throw unknownName('input', spec.name, model);
    return inputs.map(input => (input === known ? refine(input, spec) : input));
  }, model.inputs);
}

function chosenOutputs(model: InferenceGraph, names: readonly string[]): readonly InferenceOutput[] {
  if (names.length === 0) throw new DecantError('invalid-argument', 'at least one output is required');
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  if (duplicate !== undefined) throw new DecantError('invalid-argument', `output '${duplicate}' is listed twice`);
  return names.map((name): InferenceOutput => {
    const known = model.outputs.find(output => output.name === name);
    if (known !== undefined) return known;
    const tensor = findTensor(model.graph, name);
    if (tensor === undefined) throw unknownName('output or tensor', name, model);
    return { name, tensor: tensor.name };
  });
}

function named(specs: readonly InputSpec[], inputs: readonly InferenceInput[]): readonly InputSpec[] {
  const nameless = specs.filter(({ name }) => name === '').length;
  if (nameless === 0) return specs;
  if (nameless === specs.length && (nameless === inputs.length || inputs.length === 1)) {
    return specs.map((spec, i) => ({ ...spec, name: (inputs[i] ?? inputs[0]!).name }));
  }
  throw new DecantError('not-found', `shapes without names do not match the ${inputs.length} inputs of the model`, {
    remedy: `Add the names of the inputs: ${inputs.map(({ name }) => name).join(', ')}.`,
  });
}

interface Chosen {
  readonly model: InferenceGraph;
  readonly chosen: readonly string[];
}

function withInputs(original: InferenceGraph, specs: readonly InputSpec[]): Chosen {
  let model = original;
  const chosen: string[] = [];
  for (const spec of specs) {
    const known = inputNamed(model.inputs, spec.name);
    const [cut, input] = known === undefined ? cutInput(model, spec) : [model, known];
    const inputs = known === undefined ? [...cut.inputs, input] : cut.inputs;
    model = { ...cut, inputs: inputs.map(each => (each === input ? refine(input, spec) : each)) };
    if (!chosen.includes(input.name)) chosen.push(input.name);
  }
  return { model, chosen };
}

const inputNamed = (inputs: readonly InferenceInput[], name: string): InferenceInput | undefined =>
  inputs.find(input => input.name === name) ?? inputs.find(({ node }) => node === name || `${node}:0` === name);

function cutInput(model: InferenceGraph, { name, type }: InputSpec): readonly [InferenceGraph, InferenceInput] {
  const tensor = findTensor(model.graph, name);
  if (tensor === undefined) throw unknownName('input or tensor', name, model);
  const { graph, node, dtype, shape, outputs } = cutGraph(model, tensor, type);
  return [
    { ...model, graph, outputs },
    { name, node, dtype, shape },
  ];
}

function refine(input: InferenceInput, { shape, type }: InputSpec): InferenceInput {
  const fed = type === undefined || type === elementTypeOf(input.dtype) ? {} : { fedAs: type };
  if (fed.fedAs !== undefined && [type, elementTypeOf(input.dtype)].includes('string')) {
    throw new DecantError('invalid-argument', `input '${input.name}' is ${input.dtype} and cannot be fed as ${type}`);
  }
  return { ...input, ...fed, ...(shape === undefined ? {} : { shape: merged(input, shape) }) };
}

function merged({ name, shape: own }: InferenceInput, given: readonly InputSize[]): readonly InputSize[] {
  if (own === undefined) return given;
  const sizes = given.map((size, i) => (isBatchOfOne(own, i) ? size : unifySizes(own[i] ?? 0, size)));
  if (given.length === own.length && sizes.every(size => size !== undefined)) return sizes;
  throw new DecantError(
    'invalid-argument',
    `input '${name}' has shape ${formatSizes(own)} and cannot become ${formatSizes(given)}`,
  );
}

/** Models saved with batch 1 accept other batches. */
const isBatchOfOne = (shape: readonly InputSize[], axis: number): boolean =>
  axis === 0 && shape.length > 1 && shape[0] === 1;

const hasBatch = ({ shape }: InferenceInput): boolean => shape !== undefined && shape.length > 1;

const isDynamicBatch = ({ shape }: InferenceInput, size: number | undefined): boolean =>
  size !== undefined && shape !== undefined && shape[0] !== size && unifySizes(shape[0] ?? 0, size) !== undefined;

const isSavedForOne = ({ shape }: InferenceInput): boolean => shape !== undefined && isBatchOfOne(shape, 0);

function withBatch(input: InferenceInput, batch: number): InferenceInput {
  const { name, shape } = input;
  if (shape === undefined || !hasBatch(input)) return input;
  if (shape[0] !== 1 && unifySizes(shape[0]!, batch) === undefined) {
    throw new DecantError(
      'invalid-argument',
      `input '${name}' has shape ${formatSizes(shape)}, and its batch cannot become ${batch}`,
    );
  }
  return { ...input, shape: [batch, ...shape.slice(1)] };
}
