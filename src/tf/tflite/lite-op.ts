import { DecantError } from '../../errors.ts';
import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import type { TableType } from '../../wire/flatbuffer.ts';
import { floats, ints, type LiteGraph, type } from './lite-graph.ts';
import type { TfTensor } from '../model.ts';
import type { LiteCallee, LiteSubgraphs } from './lite-subgraphs.ts';
import { centered, type LiteTensor, levelsOf, type Quantization, rangeOf, realTypeOf } from './lite-tensor.ts';
import { optionsOf, type StoredOperator } from './schema.ts';

/** What the ops of a subgraph share. */
export interface LiteValues {
  readonly subgraphs: LiteSubgraphs;
  readonly graph: LiteGraph;
  readonly tensors: readonly LiteTensor[];
  /** Names of nodes' outputs by tensor: reals for quantized tensors. */
  readonly reals: Map<number, string>;
  /** The integers of quantized inputs of the model. */
  readonly integers: Map<number, string>;
  /** Whether variables may change while the model runs. */
  readonly assignsVariables: boolean;
}

/** Translates an op to TensorFlow nodes, and returns the names of its outputs: reals for quantized ones. */
export type LiteTranslator = (op: LiteOp, graph: LiteGraph) => string | readonly string[];

/** Bounds of the activations that ops include, by their number: NONE, RELU, RELU_N1_TO_1, RELU6. Kernels ignore others. */
const ACTIVATIONS = [undefined, [0, Infinity], [-1, 1], [0, 6]] as const;

export class LiteOp {
  readonly type: string;
  readonly custom: Uint8Array;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly #stored: StoredOperator;
  readonly #values: LiteValues;

  constructor(type: string, stored: StoredOperator, custom: Uint8Array, values: LiteValues) {
    this.type = type;
    this.custom = custom;
    this.inputs = stored.inputs ?? [];
    this.outputs = stored.outputs ?? [];
    this.#stored = stored;
    this.#values = values;
  }

  options<T extends object>(table: TableType<T>): T {
    return optionsOf(this.#stored, table);
  }

  has(index: number): boolean {
    return (this.inputs[index] ?? -1) >= 0;
  }

  /** @throws DecantError `malformed` if there is no such input */
  tensor(index: number): LiteTensor {
    const tensor = this.#values.tensors[this.#at(index)];
    if (tensor === undefined) throw new DecantError('malformed', `input ${index} is not a tensor of the model`);
    return tensor;
  }

  output(index: number): LiteTensor {
    const tensor = this.#values.tensors[this.outputs[index] ?? -1];
    if (tensor === undefined) throw new DecantError('malformed', `output ${index} is not a tensor of the model`);
    return tensor;
  }

  /** Returns an input as reals, if it is quantized. */
  input(index: number): string {
    return realOf(this.#at(index), this.#values, `input ${index}`);
  }

  all(from = 0): readonly string[] {
    return this.inputs.slice(from).map((_, i) => this.input(from + i));
  }

  /** The tensors of the inputs, which a called subgraph gets. */
  given(from = 0): readonly LiteTensor[] {
    return this.inputs.slice(from).map((_, i) => this.tensor(from + i));
  }

  /** The tensors of the outputs, undefined for those that are left out. */
  results(): readonly (LiteTensor | undefined)[] {
    return this.outputs.map((at, i) => (at < 0 ? undefined : this.output(i)));
  }

  call(subgraph: number): LiteCallee {
    return this.#values.subgraphs.call(subgraph, this.#values.assignsVariables);
  }

  get assignsVariables(): boolean {
    return this.#values.assignsVariables;
  }

  initialValue(variable: string): TfTensor | undefined {
    return this.#values.subgraphs.initialValue(variable);
  }

  /** Returns an input as it is stored: the integers, if it is quantized. */
  integers(index: number): string {
    const { graph, integers } = this.#values;
    const tensor = this.tensor(index);
    if (tensor.quantization === undefined) return this.input(index);
    if (tensor.content !== undefined) return graph.constant(tensor.content);
    return integers.get(this.#at(index)) ?? quantized(graph, this.input(index), tensor);
  }

  /**
   * Returns filters with their axes in `order`, which OpenVINO's ops use, and then moved to where TensorFlow has them. Integers
   * remain integers, with the scales as a separate product.
   *
   * @param shape of the filters, if it differs from the stored one
   */
  filters(index: number, order: readonly number[], back: readonly number[], shape = this.tensor(index).shape): string {
    const { graph } = this.#values;
    const tensor = this.tensor(index);
    const { content, quantization } = tensor;
    const moved = (x: string, axes: readonly number[]): string =>
      axes.every((axis, i) => axis === i) ? x : graph.add('Transpose', [x, graph.integers(...axes)]);
    const shaped = (x: string): string =>
      shape === tensor.shape ? x : graph.add('Reshape', [x, graph.integers(...shape)]);
    if (content === undefined || quantization === undefined || !BYTES.has(tensor.dtype)) {
      return moved(shaped(this.input(index)), order.length === 0 ? [] : back.map(axis => order[axis]!));
    }
    const [integers, { scales, zeroPoints, axis }] = centered(tensor);
    const along = scaleShape(tensor.shape, scales.length, axis, shape);
    const chosen = moved(shaped(graph.constant(integers)), order);
    const dequantized = graph.add('TFLite_Dequantize', [chosen], {
      scale: floats(scales),
      zero_point: ints(zeroPoints),
      shape: ints(order.map(each => along[each]!)),
    });
    return moved(dequantized, back);
  }

  /** Adds the activation that the op includes. A quantized output cannot leave its range anyway. */
  activated(x: string, activation: number, output = this.output(0)): string {
    const { graph } = this.#values;
    const bounds = ACTIVATIONS[activation];
    if (bounds === undefined) {
      if (activation === 0) return x;
      throw new DecantError('unsupported', `${this.type} with activation ${activation} is not supported`, {
        remedy: 'Convert the model again with its activations as separate ops.',
      });
    }
    const [low, high] = bounds;
    const range = output.quantization && rangeOf(output, output.quantization);
    // What rounds to the last level may lie beyond it by half a step.
    const half = (output.quantization?.scales[0] ?? 0) / 2;
    if (range !== undefined && range.low > low - half && range.high < high + half) return x;
    if (low === 0) return graph.add(high === 6 ? 'Relu6' : 'Relu', [x]);
    return graph.add('ClipByValue', [x, graph.number(low), graph.number(high)]);
  }

  #at(index: number): number {
    const at = this.inputs[index];
    if (at === undefined || at < 0) throw new DecantError('malformed', `${this.type} has no input ${index}`);
    return at;
  }
}

/**
 * Returns the name of a tensor's values: reals, if it is quantized.
 *
 * @throws DecantError `malformed` if it is neither constant nor computed; the message calls it `what`
 */
export function realOf(index: number, { graph, tensors, reals }: LiteValues, what: string): string {
  const known = reals.get(index);
  if (known !== undefined) return known;
  const tensor = tensors[index];
  if (tensor === undefined) throw new DecantError('malformed', `${what} is not a tensor of the model`);
  const real = constantReal(tensor, graph, what);
  reals.set(index, real);
  return real;
}

function constantReal({ stored, quantization, content }: LiteTensor, graph: LiteGraph, what: string): string {
  if (content === undefined) {
    throw new DecantError('malformed', `${what}, '${stored}', is used before it is computed`);
  }
  if (quantization === undefined) return graph.constant(content);
  const { scales, zeroPoints, axis } = quantization;
  const { shape } = content;
  return graph.constant({
    dtype: 'DT_FLOAT',
    shape,
    data: () => {
      const levels = numbersOf(content.data());
      const inner = sizeOf(shape.slice(axis + 1));
      const real = (level: number, i: number): number => {
        const k = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
        return (level - zeroPoints[k]!) * scales[k]!;
      };
      return { type: 'f32', shape, data: Float32Array.from(levels, real) };
    },
  });
}

const BYTES: ReadonlySet<string> = new Set(['DT_INT8', 'DT_UINT8']);

/** The shape in which scales broadcast to filters; `shape` may split the axis that they vary along, as depthwise filters do. */
function scaleShape(
  stored: readonly number[],
  count: number,
  axis: number,
  shape: readonly number[],
): readonly number[] {
  if (count === 1) return shape.map(() => 1);
  if (shape === stored) return shape.map((size, i) => (i === axis ? size : 1));
  const after = shape.length - (stored.length - axis - 1);
  return shape.map((size, i) => (i >= shape.length - 2 && i < after ? size : 1));
}

/** Rounds reals to the levels of a quantized tensor. */
export function rounded(graph: LiteGraph, x: string, tensor: LiteTensor, quantization: Quantization): string {
  const { scales, zeroPoints } = quantization;
  if (scales.length > 1) {
    throw new DecantError('unsupported', `'${tensor.stored}', which is computed, has a scale per channel`, {
      remedy: 'Convert the model again with a scale per tensor for all but weights.',
    });
  }
  return graph.add('TFLite_FakeQuantize', [x], {
    scale: floats(scales),
    zero_point: ints(zeroPoints),
    type: type(tensor.dtype),
  });
}

/** Returns the integers that stand for reals. */
export function quantized(graph: LiteGraph, x: string, { dtype, quantization }: LiteTensor): string {
  const { scales, zeroPoints } = quantization!;
  const { lowest, highest } = levelsOf(dtype);
  const levels = graph.add('Round', [graph.add('RealDiv', [x, graph.number(scales[0]!)])]);
  const shifted = graph.add('AddV2', [levels, graph.number(zeroPoints[0]!)]);
  const inside = graph.add('ClipByValue', [shifted, graph.number(lowest), graph.number(highest)]);
  return graph.add('Cast', [inside], { SrcT: type('DT_FLOAT'), DstT: type(dtype) });
}

export function dequantized(graph: LiteGraph, x: string, { quantization }: LiteTensor): string {
  const { scales, zeroPoints } = quantization!;
  return graph.add('TFLite_Dequantize', [x], { scale: floats(scales), zero_point: ints(zeroPoints), shape: ints([]) });
}

export const realType = (tensor: LiteTensor): ReturnType<typeof type> => type(realTypeOf(tensor));
