import { tensorFromBytes, type Tensor, vector, scalar } from '../../tensor/tensor.ts';
import { type DataType, elementTypeOf } from '../data-type.ts';
import type { AttrValue, TfGraph, TfNode, TfTensor } from '../model.ts';

const encoder = new TextEncoder();

export const int = (value: number): AttrValue => ({ kind: 'int', value });
export const float = (value: number): AttrValue => ({ kind: 'float', value });
export const bool = (value: boolean): AttrValue => ({ kind: 'bool', value });
export const type = (value: DataType): AttrValue => ({ kind: 'type', value });
export const text = (value: string): AttrValue => ({ kind: 'bytes', value: encoder.encode(value) });
export const ints = (values: readonly number[]): AttrValue => ({ kind: 'list', value: values.map(int) });
export const floats = (values: readonly number[]): AttrValue => ({ kind: 'list', value: values.map(float) });

export type Attrs = Readonly<Record<string, AttrValue>>;

/** Collects TensorFlow nodes under unique names, `scope/Op`. */
export class LiteGraph {
  readonly #nodes = new Map<string, TfNode>();
  #scope = '';

  get nodes(): TfGraph {
    return this.#nodes;
  }

  /** Names the nodes that follow after a tensor of the file. @returns the name for that tensor itself */
  enter(stored: string): string {
    // TensorFlow Lite joins the names of ops that it fuses.
    const name = stored.split(';')[0]!.replaceAll(/[^\w./>-]/g, '_');
    this.#scope = /^[A-Za-z0-9.]/.test(name) ? name : `tensor${name}`;
    return this.#scope;
  }

  /** Adds a node, and returns the name of its first output. */
  add(op: string, inputs: readonly string[], attrs: Attrs = {}): string {
    return this.place(`${this.#scope}/${op}`, op, inputs, attrs);
  }

  /** Adds a node, and returns the names of `count` outputs. */
  addAll(op: string, count: number, inputs: readonly string[], attrs: Attrs = {}): readonly string[] {
    const name = this.add(op, inputs, attrs);
    return Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}:${i}`));
  }

  place(wanted: string, op: string, inputs: readonly string[], attrs: Attrs): string {
    let name = wanted;
    for (let i = 1; this.#nodes.has(name); i++) name = `${wanted}_${i}`;
    this.#nodes.set(name, { name, op, inputs, attrs: new Map(Object.entries(attrs)) });
    return name;
  }

  constant(value: TfTensor): string {
    return this.add('Const', [], { dtype: type(value.dtype), value: { kind: 'tensor', value } });
  }

  number(value: number, dtype: DataType = 'DT_FLOAT'): string {
    return this.#known(dtype, scalar(elementTypeOf(dtype)!, value));
  }

  integers(...values: readonly number[]): string {
    return this.#known('DT_INT32', vector('i32', values));
  }

  reals(shape: readonly number[], values: Float32Array): string {
    return this.#known('DT_FLOAT', tensorFromBytes('f32', shape, new Uint8Array(values.buffer)));
  }

  #known(dtype: DataType, value: Tensor): string {
    return this.constant({ dtype, shape: value.shape, data: () => value });
  }
}
