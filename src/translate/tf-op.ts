import { DecantError } from '../errors.ts';
import type { Value } from '../ov/graph.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../tensor/tensor.ts';
import {
  attrBool,
  attrFloat,
  attrFloats,
  attrFunc,
  attrFuncs,
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
import { asList, asValue, type Operand, type TensorList } from './operand.ts';

/** Translates the body of a loop or branch with the given arguments, in the graph that is being built. */
export type CallBody = (name: string, args: readonly Operand[]) => readonly Operand[];

/** What a translator sees of a TensorFlow node: its inputs as OpenVINO values, and its attributes, typed and checked. */
export class TfOp {
  readonly node: TfNode;
  readonly operands: readonly Operand[];
  readonly #call: CallBody;

  constructor(node: TfNode, operands: readonly Operand[], call: CallBody) {
    this.node = node;
    this.operands = operands;
    this.#call = call;
  }

  get type(): string {
    return this.node.op;
  }

  /** All inputs. @throws DecantError `unsupported` when one is a list of tensors */
  get inputs(): readonly Value[] {
    return this.operands.map((operand, i) => asValue(operand, `input ${i} of ${this.type}`));
  }

  /** @throws DecantError `malformed` when the node has no such input, `unsupported` when it is a list of tensors */
  input(index: number): Value {
    return asValue(this.operand(index), `input ${index} of ${this.type}`);
  }

  /** @throws DecantError `malformed` when the node has no such input, or it is a tensor */
  list(index: number): TensorList {
    return asList(this.operand(index), `input ${index} of ${this.type}`);
  }

  /** @throws DecantError `malformed` when the node has no such input */
  operand(index: number): Operand {
    const operand = this.operands[index < 0 ? this.operands.length + index : index];
    if (operand === undefined) throw new DecantError('malformed', `${this.type} has no input ${index}`);
    return operand;
  }

  /** The results of the body that attribute `name` names. */
  call(name: string, args: readonly Operand[]): readonly Operand[] {
    return this.#call(attrFunc(this.node, name).name, args);
  }

  /** The results of a body by its own name. */
  callFunction(name: string, args: readonly Operand[]): readonly Operand[] {
    return this.#call(name, args);
  }

  /** The names of the bodies in a list attribute. */
  functions(name: string): readonly string[] {
    return attrFuncs(this.node, name).map(({ name: body }) => body);
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

  /**
   * An attribute that is an integer. @throws DecantError `malformed` where it is another, or is not there and there is
   * no fallback
   */
  int(name: string, fallback?: number): number {
    return attrInt(this.node, name, fallback);
  }

  /**
   * An attribute that is a list of integers. @throws DecantError `malformed` where it is another, or is not there and
   * there is no fallback
   */
  ints(name: string, fallback?: readonly number[]): readonly number[] {
    return attrInts(this.node, name, fallback);
  }

  /**
   * An attribute that is a float. @throws DecantError `malformed` where it is another, or is not there and there is no
   * fallback
   */
  float(name: string, fallback?: number): number {
    return attrFloat(this.node, name, fallback);
  }

  /**
   * An attribute that is a list of floats. @throws DecantError `malformed` where it is another, or is not there and
   * there is no fallback
   */
  floats(name: string, fallback?: number[]): readonly number[] {
    return attrFloats(this.node, name, fallback);
  }

  /**
   * An attribute that is a bool. @throws DecantError `malformed` where it is another, or is not there and there is no
   * fallback
   */
  bool(name: string, fallback?: boolean): boolean {
    return attrBool(this.node, name, fallback);
  }

  /**
   * An attribute that is a string. @throws DecantError `malformed` where it is another, or is not there and there is no
   * fallback
   */
  string(name: string, fallback?: string): string {
    return attrString(this.node, name, fallback);
  }

  /**
   * An attribute that is a list of strings. @throws DecantError `malformed` where it is another, or is not there and
   * there is no fallback
   */
  strings(name: string, fallback?: string[]): readonly string[] {
    return attrStrings(this.node, name, fallback);
  }

  /**
   * An attribute that is a type, as TensorFlow names it. @throws DecantError `malformed` where it is another, or is not
   * there and there is no fallback
   */
  dtype(name: string, fallback?: DataType): DataType {
    return attrType(this.node, name, fallback);
  }

  /** An attribute that is a shape. @throws DecantError `malformed` where it is another, or is not there */
  shape(name: string): TfShape {
    return attrShape(this.node, name);
  }

  /** An attribute that is a tensor. @throws DecantError `malformed` where it is another, or is not there */
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
