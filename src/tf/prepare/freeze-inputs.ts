import { DecantError } from '../../errors.ts';
import { bitsOf, type ElementType, isInteger, isSigned } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { elementTypeOf } from '../data-type.ts';
import type { FrozenValue } from '../frozen-value.ts';
import type { InferenceGraph, InferenceInput } from '../inference-graph.ts';
import { formatSizes, type InputSize } from '../input-spec.ts';
import type { AttrValue, TfNode } from '../model.ts';
import { nearestHint } from '../../nearest-names.ts';
import { inputOf } from './input-of.ts';

const PLACEHOLDERS = new Set(['Placeholder', 'PlaceholderWithDefault']);

/** Elements of a frozen input: a mistyped shape must not fill the memory. */
const MAX_ELEMENTS = 2 ** 26;

type Scalar = boolean | number | string;

/** Replaces inputs by constants, so that what depends on them alone folds, and branches that they choose disappear. */
export function freezeInputs(model: InferenceGraph, values: ReadonlyMap<string, FrozenValue>): InferenceGraph {
  if (values.size === 0) return model;
  const graph = new Map(model.graph);
  const frozen = new Set<string>();
  for (const [name, value] of values) {
    const input = frozenInput(model, name);
    if (frozen.has(input.node)) throw new DecantError('invalid-argument', `input '${name}' is frozen twice`);
    frozen.add(input.node);
    graph.set(input.node, constantFor({ ...input, name }, value));
  }
  return { ...model, graph, inputs: model.inputs.filter(({ node }) => !frozen.has(node)) };
}

function frozenInput({ graph, inputs }: InferenceGraph, name: string): InferenceInput {
  const node = graph.get(name.replace(/:0$/, ''));
  const known = inputs.find(input => input.name === name) ?? inputs.find(input => input.node === node?.name);
  if (known !== undefined) return known;
  if (node !== undefined && PLACEHOLDERS.has(node.op)) return inputOf(name, node);
  const placeholders = [...graph.values()].filter(({ op }) => PLACEHOLDERS.has(op)).map(each => each.name);
  const names = [...new Set([...inputs.map(input => input.name), ...placeholders])];
  const hint = nearestHint(name, names);
  throw new DecantError(
    'not-found',
    node === undefined ? `the model has no input '${name}' to freeze` : `'${name}' is not an input but ${node.op}`,
    { remedy: `${hint}Choose from the inputs ${names.slice(0, 12).join(', ') || '(none)'}.` },
  );
}

function constantFor(input: InferenceInput, value: FrozenValue): TfNode {
  const { name, node, dtype, shape } = input;
  const type = elementTypeOf(dtype);
  if (type === undefined) {
    throw new DecantError('unsupported', `input '${name}' has type ${dtype} and cannot be frozen`, {
      remedy: 'Choose outputs that do not depend on it with --output.',
    });
  }
  const given = shapeOf(value, name);
  const wanted = shape === undefined ? given : broadcast(given, shape, name);
  const items = spread(scalarsIn(value), given, wanted).map(each =>
    type === 'string' ? String(each) : numberFor(each, type, name),
  );
  const tensor: Tensor =
    type === 'string' ? packStrings(wanted, items.map(String)) : tensorOf(type, wanted, items.map(Number));
  const attrs = new Map<string, AttrValue>([
    ['dtype', { kind: 'type', value: dtype }],
    ['value', { kind: 'tensor', value: { dtype, shape: wanted, data: () => tensor } }],
  ]);
  return { name: node, op: 'Const', inputs: [], attrs };
}

function shapeOf(value: FrozenValue, name: string): readonly number[] {
  if (!isNested(value)) return [];
  const shapes = value.map(item => shapeOf(item, name));
  const [first = []] = shapes;
  if (shapes.every(shape => shape.length === first.length && shape.every((size, i) => size === first[i]))) {
    return [value.length, ...first];
  }
  throw new DecantError('invalid-argument', `the lists in the value of input '${name}' differ in length`);
}

const isNested = (value: FrozenValue): value is readonly FrozenValue[] => Array.isArray(value);

const scalarsIn = (value: FrozenValue): readonly Scalar[] => (isNested(value) ? value.flatMap(scalarsIn) : [value]);

/** Returns the shape of an input whose value has shape `given`; sizes of 1 repeat. */
function broadcast(given: readonly number[], shape: readonly InputSize[], name: string): readonly number[] {
  const offset = shape.length - given.length;
  const wanted = shape.map((size, axis) => {
    const own = given[axis - offset];
    if (typeof size === 'number' && size >= 0) return own === undefined || own === 1 || own === size ? size : undefined;
    return own;
  });
  const isComplete = (sizes: readonly (number | undefined)[]): sizes is readonly number[] => !sizes.includes(undefined);
  if (offset < 0 || !isComplete(wanted)) {
    throw new DecantError(
      'invalid-argument',
      `input '${name}' has shape ${formatSizes(shape)} and cannot be filled with a value of shape ${formatSizes(given)}`,
      {
        remedy: shape.length === 0 ? 'Give one value.' : `Give nested lists of shape ${formatSizes(shape)}.`,
      },
    );
  }
  if (sizeOf(wanted) > MAX_ELEMENTS) {
    throw new DecantError(
      'limit',
      `input '${name}' has ${sizeOf(wanted)} elements; at most ${MAX_ELEMENTS} are frozen`,
    );
  }
  return wanted;
}

function spread(items: readonly Scalar[], from: readonly number[], to: readonly number[]): readonly Scalar[] {
  const offset = to.length - from.length;
  return Array.from({ length: sizeOf(to) }, (_, position) => {
    let rest = position;
    let index = 0;
    let step = 1;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const at = rest % to[axis]!;
      rest = Math.floor(rest / to[axis]!);
      const size = from[axis - offset] ?? 1;
      if (size > 1) index += at * step;
      step *= size;
    }
    return items[index]!;
  });
}

function numberFor(value: Scalar, type: ElementType, name: string): number {
  const number = typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined;
  if (number !== undefined && isValueOf(number, typeof value === 'boolean', type)) return number;
  throw new DecantError('invalid-argument', `input '${name}' has type ${type}, and '${value}' is not a value of it`, {
    remedy: type === 'boolean' ? 'Give true or false.' : `Give a ${isInteger(type) ? 'whole ' : ''}number.`,
  });
}

function isValueOf(number: number, isTruth: boolean, type: ElementType): boolean {
  if (type === 'boolean') return number === 0 || number === 1;
  if (isTruth) return false;
  if (!isInteger(type)) return true;
  const bits = isSigned(type) ? bitsOf(type) - 1 : bitsOf(type);
  // Larger integers are not exact as numbers.
  const max = Math.min(2 ** bits - 1, Number.MAX_SAFE_INTEGER);
  return (
    Number.isInteger(number) &&
    number <= max &&
    number >= (isSigned(type) ? Math.max(-(2 ** bits), -Number.MAX_SAFE_INTEGER) : 0)
  );
}
