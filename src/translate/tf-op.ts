import { DecantError } from '../errors.ts';
import type { Value } from '../ov/graph.ts';
import { checkRank } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
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
import { asList, asValue, type ComplexValue, isComplex, type Operand, type TensorList } from './operand.ts';

/** Translates the function `name` with the given arguments into the graph being built, and returns its results. */
export type CallBody = (name: string, args: readonly Operand[]) => readonly Operand[];

/** A TensorFlow node as its translator sees it: inputs as OpenVINO values, and typed, checked attributes. */
export class TfOp {
  readonly node: TfNode;
  /** Data inputs in order; control inputs are left out. */
  readonly operands: readonly Operand[];
  readonly #call: CallBody;
  #inputs: readonly Value[] | undefined;

  constructor(node: TfNode, operands: readonly Operand[], call: CallBody) {
    this.node = node;
    this.operands = operands;
    this.#call = call;
  }

  /** Name of the TensorFlow op, such as `Conv2D`. */
  get type(): string {
    return this.node.op;
  }

  /** All inputs. @throws DecantError `unsupported` if one is a tensor list */
  get inputs(): readonly Value[] {
    return (this.#inputs ??= this.operands.map((operand, i) => asValue(operand, `input ${i} of ${this.type}`)));
  }

  /**
   * Returns input `index`; negative indices count from the end.
   *
   * @throws DecantError `malformed` if there is no such input, `unsupported` if it is a tensor list
   */
  input(index: number): Value {
    return asValue(this.operand(index), `input ${index} of ${this.type}`);
  }

  /** Returns the complex tensor at input `index`. @throws DecantError `malformed` if missing, or if it is real */
  complex(index: number): ComplexValue {
    const operand = this.operand(index);
    if (isComplex(operand)) return operand;
    throw new DecantError('malformed', `input ${index} of ${this.type} is real, but must be complex`);
  }

  /** Returns the same node with other inputs. */
  withOperands(operands: readonly Operand[]): TfOp {
    return new TfOp(this.node, operands, this.#call);
  }

  /** Returns the tensor list at input `index`. @throws DecantError `malformed` if missing, or if it is a tensor */
  list(index: number): TensorList {
    return asList(this.operand(index), `input ${index} of ${this.type}`);
  }

  /** Returns the tensor or tensor list at input `index`. @throws DecantError `malformed` if missing */
  operand(index: number): Operand {
    const operand = this.operands[index < 0 ? this.operands.length + index : index];
    if (operand === undefined) throw new DecantError('malformed', `${this.type} has no input ${index}`);
    return operand;
  }

  /** Translates the function named by attribute `name`, and returns its results. */
  call(name: string, args: readonly Operand[]): readonly Operand[] {
    return this.#call(attrFunc(this.node, name).name, args);
  }

  /** Translates the function `name`, and returns its results. */
  callFunction(name: string, args: readonly Operand[]): readonly Operand[] {
    return this.#call(name, args);
  }

  /** Names of the functions in list attribute `name`. @throws DecantError `malformed` if missing or of another kind */
  functions(name: string): readonly string[] {
    return attrFuncs(this.node, name).map(({ name: body }) => body);
  }

  /**
   * Returns the tensor of a constant input.
   *
   * @param what what the input is, for the message: `axis`
   * @throws DecantError `unsupported` if its elements are not known at conversion
   */
  constant(index: number, what: string): Tensor {
    const constant = this.input(index).node.constant;
    if (constant === undefined) {
      throw new DecantError('unsupported', `the ${what} of ${this.type} must be a constant`, {
        remedy: 'If it depends on the input size, fix the size with --input-shape.',
      });
    }
    return constant;
  }

  /**
   * Returns the elements of a constant input with an element per axis.
   *
   * @throws DecantError `unsupported` if not known at conversion, `limit` if there are more than there can be axes
   */
  integers(index: number, what: string): readonly number[] {
    const constant = this.constant(index, what);
    checkRank(`the ${what} of ${this.type}`, sizeOf(constant.shape));
    return Array.from(numbersOf(constant));
  }

  /**
   * Returns the element of a constant input.
   *
   * @throws DecantError `unsupported` if not known at conversion, `malformed` if there is not exactly one element
   */
  integer(index: number, what: string): number {
    const integers = this.integers(index, what);
    if (integers.length !== 1) {
      throw new DecantError('malformed', `the ${what} of ${this.type} has ${integers.length} elements instead of one`);
    }
    return integers[0]!;
  }

  /** Integer attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  int(name: string, fallback?: number): number {
    return attrInt(this.node, name, fallback);
  }

  /** Integer list attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  ints(name: string, fallback?: readonly number[]): readonly number[] {
    return attrInts(this.node, name, fallback);
  }

  /** Float attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  float(name: string, fallback?: number): number {
    return attrFloat(this.node, name, fallback);
  }

  /** Float list attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  floats(name: string, fallback?: number[]): readonly number[] {
    return attrFloats(this.node, name, fallback);
  }

  /** Boolean attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  bool(name: string, fallback?: boolean): boolean {
    return attrBool(this.node, name, fallback);
  }

  /** String attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  string(name: string, fallback?: string): string {
    return attrString(this.node, name, fallback);
  }

  /** String list attribute. @throws DecantError `malformed` if missing without a default, or of another kind */
  strings(name: string, fallback?: string[]): readonly string[] {
    return attrStrings(this.node, name, fallback);
  }

  /** Type attribute, such as `DT_FLOAT`. @throws DecantError `malformed` if missing without a default, or of another kind */
  dtype(name: string, fallback?: DataType): DataType {
    return attrType(this.node, name, fallback);
  }

  /** Shape attribute. @throws DecantError `malformed` if missing or of another kind */
  shape(name: string): TfShape {
    return attrShape(this.node, name);
  }

  /** Tensor attribute. @throws DecantError `malformed` if missing or of another kind */
  tensor(name: string): TfTensor {
    return attrTensor(this.node, name);
  }

  /**
   * Type attribute as an OpenVINO element type, such as `f32`.
   *
   * @throws DecantError `malformed` as `dtype`, `unsupported` for a type that OpenVINO does not have
   */
  elementType(name: string, fallback?: DataType): ElementType {
    const dtype = this.dtype(name, fallback);
    const type = elementTypeOf(dtype);
    if (type === undefined)
      throw new DecantError('unsupported', `${this.type} with type ${dtype} is not supported`, {
        remedy: 'Cast its input to a real type in the model, or select outputs that do not depend on it with --output.',
      });
    return type;
  }
}
