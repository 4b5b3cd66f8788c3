import { DecantError } from '../../errors.ts';
import type { InferenceInput, InferenceGraph, InferenceOutput } from '../inference-graph.ts';
import { elementTypeOf } from '../data-type.ts';
import { formatSize, formatSizes, type InputSize, type InputSpec, unifySizes } from '../input-spec.ts';
import { cutGraph, findTensor } from './cut-graph.ts';
import { prune } from './prune.ts';
import { unknownName } from './unknown-name.ts';

export interface IoOptions {
  /**
   * What goes in: shapes and types of inputs, and tensors inside of the graph that become inputs, whatever computes them being
   * left out. Those that are named come first, in this order.
   */
  readonly inputs?: readonly InputSpec[];
  /** Shapes alone, of inputs by name; their order stays as it is. */
  readonly inputShapes?: readonly InputSpec[];
  /** What comes out: outputs by name, or tensors inside of the graph; all outputs of the signature by default. */
  readonly outputs?: readonly string[];
  /** The size of the first dimension of every input where the model leaves it open or has 1; -1 leaves it open. */
  readonly batch?: number;
}

/** The inputs and outputs that the user asks for, with the shapes and types that they shall have. */
export function selectIo(closed: InferenceGraph, options: IoOptions): InferenceGraph {
  const { inputs = [], inputShapes = [], outputs, batch } = options;
  const shaped = { ...closed, inputs: withShapes(closed, inputShapes) };
  const reduced = outputs === undefined ? shaped : prune({ ...shaped, outputs: chosenOutputs(shaped, outputs) });
  const { model, chosen } = withInputs(reduced, named(inputs, closed.inputs));
  const pruned = model === shaped ? shaped : prune(model);
  // An input before a cut has nothing to feed any more. What nothing used before stays, because the signature names it.
  const others = pruned.inputs.filter(
    ({ name, node }) => !chosen.includes(name) && (pruned.graph.has(node) || !closed.graph.has(node)),
  );
  const all = [...chosen.map(name => pruned.inputs.find(input => input.name === name)!), ...others];
  const sized = batch === undefined ? all : all.map(input => withBatch(input, batch));
  const ones = new Set(closed.inputs.filter(isSavedForOne).map(({ node }) => node));
  return ones.size === 0 ? { ...pruned, inputs: sized } : { ...pruned, ...oneByOne(sized, ones) };
}

/** The inputs with their batch of 1, and the batch that was asked of them. */
function oneByOne(
  inputs: readonly InferenceInput[],
  ones: ReadonlySet<string>,
): Pick<InferenceGraph, 'inputs' | 'batch'> {
  const grown = inputs.filter(({ node, shape }) => ones.has(node) && shape?.[0] !== 1);
  const [first, ...others] = grown;
  if (first === undefined) return { inputs };
  const batch = first.shape![0]!;
  const contrary = others.find(({ shape }) => formatSize(shape![0]!) !== formatSize(batch));
  if (contrary !== undefined) {
    throw new DecantError(
      'invalid-argument',
      `input '${first.name}' has a batch of ${formatSize(batch)} and input '${contrary.name}' one of ${formatSize(contrary.shape![0]!)}`,
    );
  }
  const one = (input: InferenceInput): InferenceInput =>
    hasBatch(input) && formatSize(input.shape![0]!) === formatSize(batch)
      ? { ...input, shape: [1, ...input.shape!.slice(1)] }
      : input;
  return { inputs: inputs.map(one), batch };
}

function withShapes(closed: InferenceGraph, specs: readonly InputSpec[]): readonly InferenceInput[] {
  return named(specs, closed.inputs).reduce((inputs, spec) => {
    const known = inputNamed(inputs, spec.name);
    if (known === undefined) throw unknownName('input', spec.name, closed);
    return inputs.map(input => (input === known ? refine(input, spec) : input));
  }, closed.inputs);
}

function chosenOutputs(closed: InferenceGraph, names: readonly string[]): readonly InferenceOutput[] {
  if (names.length === 0) throw new DecantError('invalid-argument', 'a model without outputs');
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new DecantError('invalid-argument', `the output '${twice}' is named twice`);
  return names.map((name): InferenceOutput => {
    const known = closed.outputs.find(output => output.name === name);
    if (known !== undefined) return known;
    const tensor = findTensor(closed.graph, name);
    if (tensor === undefined) throw unknownName('output or inner tensor', name, closed);
    return { name, tensor: tensor.name };
  });
}

/** The specs with their names: those without one speak of the inputs in their order. */
function named(specs: readonly InputSpec[], inputs: readonly InferenceInput[]): readonly InputSpec[] {
  const nameless = specs.filter(({ name }) => name === '').length;
  if (nameless === 0) return specs;
  if (nameless === specs.length && (nameless === inputs.length || inputs.length === 1)) {
    return specs.map((spec, i) => ({ ...spec, name: (inputs[i] ?? inputs[0]!).name }));
  }
  throw new DecantError('not-found', `the model has ${inputs.length} inputs`, {
    remedy: `Name those that you mean: ${inputs.map(({ name }) => name).join(', ')}.`,
  });
}

interface Chosen {
  readonly model: InferenceGraph;
  /** The names of the inputs that the user speaks of. */
  readonly chosen: readonly string[];
}

function withInputs(closed: InferenceGraph, specs: readonly InputSpec[]): Chosen {
  let model = closed;
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

/** An input by its name or by that of its node, as tools name it that know no signatures. */
const inputNamed = (inputs: readonly InferenceInput[], name: string): InferenceInput | undefined =>
  inputs.find(input => input.name === name) ?? inputs.find(({ node }) => node === name || `${node}:0` === name);

function cutInput(model: InferenceGraph, { name, type }: InputSpec): readonly [InferenceGraph, InferenceInput] {
  const tensor = findTensor(model.graph, name);
  if (tensor === undefined) throw unknownName('input or inner tensor', name, model);
  const { graph, node, dtype, shape, outputs } = cutGraph(model, tensor, type);
  return [
    { ...model, graph, outputs },
    { name, node, dtype, shape },
  ];
}

/** The input with the shape and type that the user gives. */
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

/** A batch of one picture is how a model was saved, and no limit of what it can take. */
const isBatchOfOne = (shape: readonly InputSize[], axis: number): boolean =>
  axis === 0 && shape.length > 1 && shape[0] === 1;

/** Vectors are settings, not batches. */
const hasBatch = ({ shape }: InferenceInput): boolean => shape !== undefined && shape.length > 1;

const isSavedForOne = ({ shape }: InferenceInput): boolean => shape !== undefined && isBatchOfOne(shape, 0);

/** The input with a batch, where it has one. */
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
