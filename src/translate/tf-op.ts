import { DecantError } from '../errors.ts';
import type { Value } from '../ov/graph.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../tensor/tensor.ts';
import {
  attrBool,
  attrFloat,
  attrInt,
  attrInts,
  attrShape,
  attrString,
  attrStrings,
  attrTensor,
  attrType,
} from '../tf/attrs.ts';
import { type DataType, elementTypeOf } from '../tf/data-type.ts';
import type { TfNode, TfShape, TfTensor } from '../tf/model.ts';

/** What a translator sees of a TensorFlow node: its inputs as OpenVINO values, and its attributes, typed and checked. */
export class TfOp {
  readonly node: TfNode;
  readonly inputs: readonly Value[];

  constructor(node: TfNode, inputs: readonly Value[]) {
    this.node = node;
    this.inputs = inputs;
  }

  get type(): string {
    return this.node.op;
  }

  /** @throws DecantError `malformed` when the node has no such input */
  input(index: number): Value {
    const value = this.inputs[index < 0 ? this.inputs.length + index : index];
    if (value === undefined) throw new DecantError('malformed', `${this.type} has no input ${index}`);
    return value;
  }

  /** The elements of a constant input. @throws DecantError `unsupported` when they are not known at conversion */
  constant(index: number, what: string): Tensor {
    const constant = this.input(index).node.constant;
    if (constant === undefined) throw new DecantError('unsupported', `${this.type} needs a constant ${what}`);
    return constant;
  }

  /** The integers of a constant input. */
  integers(index: number, what: string): readonly number[] {
    return Array.from(numbersOf(this.constant(index, what)));
  }

  /** The only integer of a constant input. */
  integer(index: number, what: string): number {
    const [only, ...rest] = this.integers(index, what);
    if (only === undefined || rest.length > 0)
      throw new DecantError('malformed', `${what} of ${this.type} is not one number`);
    return only;
  }

  int(name: string, fallback?: number): number {
    return attrInt(this.node, name, fallback);
  }

  ints(name: string, fallback?: readonly number[]): readonly number[] {
    return attrInts(this.node, name, fallback);
  }

  float(name: string, fallback?: number): number {
    return attrFloat(this.node, name, fallback);
  }

  bool(name: string, fallback?: boolean): boolean {
    return attrBool(this.node, name, fallback);
  }

  string(name: string, fallback?: string): string {
    return attrString(this.node, name, fallback);
  }

  strings(name: string, fallback?: readonly string[]): readonly string[] {
    return attrStrings(this.node, name, fallback);
  }

  dtype(name: string, fallback?: DataType): DataType {
    return attrType(this.node, name, fallback);
  }

  shape(name: string): TfShape {
    return attrShape(this.node, name);
  }

  tensor(name: string): TfTensor {
    return attrTensor(this.node, name);
  }

  /** A type attribute as an element type. @throws DecantError `unsupported` for a type that OpenVINO lacks */
  elementType(name: string, fallback?: DataType): ElementType {
    const dtype = this.dtype(name, fallback);
    const type = elementTypeOf(dtype);
    if (type === undefined) throw new DecantError('unsupported', `${this.type} of type ${dtype}`);
    return type;
  }
}
