import { type Dim, freshDim, isStatic, isStaticDim } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { numbersOf, scalar, sizeOf, type Tensor, tensorOf, vector } from '../tensor/tensor.ts';
import type { AttributesInput, AttributesOf, Codecs } from './attributes.ts';
import type { Graph, Node, Op, StaticType, Type, Value } from './graph.ts';
import { complete } from './op.ts';
import { Constant, Parameter } from './ops/graph-ends.ts';

/** Integer values of up to this many elements are followed as sizes: shape vectors and index tables, not data. */
const CONTENTS_LIMIT = 32;

/** A fold may grow its inputs up to this many elements: anchors and index grids fold, expanded weights do not. */
const FOLD_LIMIT = 1 << 20;

/** Makes nodes: infers types, follows sizes, folds constants and names what it makes. */
export class Builder {
  /** The name that new nodes get: that of the TensorFlow node being translated or of the node being rewritten. */
  origin = '';

  /** The first output of a new node. */
  add<C extends Codecs>(op: Op<C>, inputs: readonly Value[], ...attrs: OptionalAttributes<C>): Value {
    return this.addAll(op, inputs, ...attrs)[0]!;
  }

  /** All outputs of a new node. */
  addAll<C extends Codecs>(op: Op<C>, inputs: readonly Value[], ...[attrs]: OptionalAttributes<C>): readonly Value[] {
    return this.make(op, inputs, complete(op, attrs ?? ({} as AttributesInput<C>)), []);
  }

  /** A new node with bodies (If, Loop). */
  addWithBodies<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesInput<C>,
    bodies: readonly Graph[],
  ): readonly Value[] {
    return this.make(op, inputs, complete(op, attrs), bodies);
  }

  /** The same operation on other inputs or bodies. */
  rebuild(node: Node, inputs: readonly Value[], bodies: readonly Graph[] = node.bodies): readonly Value[] {
    return this.make(node.op, inputs, node.attrs, bodies);
  }

  parameter(name: string, type: ElementType, shape: Type['shape']): Value {
    return createNode(Parameter, name, [], { element_type: type, shape }, [], [{ type, shape }], undefined).outputs[0]!;
  }

  constant(value: Tensor): Value {
    const type = { type: value.type, shape: value.shape };
    return createNode(Constant, this.origin, [], {}, [], [type], value).outputs[0]!;
  }

  scalar(type: ElementType, value: number): Value {
    return this.constant(scalar(type, value));
  }

  /** A vector of i64, as OpenVINO's shape and axis inputs are. */
  i64(...values: readonly number[]): Value {
    return this.constant(vector('i64', values));
  }

  private make<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesOf<C>,
    bodies: readonly Graph[],
  ): readonly Value[] {
    const types = op.infer(inputs, attrs, bodies);
    const folded = this.fold(op, inputs, attrs, types);
    if (folded !== undefined) return folded;
    const node = createNode(op, this.origin, inputs, attrs, bodies, types, undefined);
    // What is known to the last element is a constant, although no input is: the shape of a value of fixed shape, for one.
    return node.outputs.map(value =>
      value.contents?.every(isStaticDim) === true && isStatic(value.shape)
        ? this.constant(tensorOf(value.type, value.shape, value.contents))
        : value,
    );
  }

  private fold<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesOf<C>,
    types: readonly Type[],
  ): readonly Value[] | undefined {
    if (op.evaluate === undefined || inputs.length === 0) return undefined;
    const constants = inputs.map(input => input.node.constant);
    if (!constants.every(constant => constant !== undefined) || !types.every(isStaticType)) return undefined;
    const limit = constants.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), FOLD_LIMIT);
    if (types.some(({ shape }) => sizeOf(shape) > limit)) return undefined;
    return op.evaluate(constants, attrs, types)?.map(value => this.constant(value));
  }
}

/** Attributes may be left out altogether where the op has none that it needs. */
type OptionalAttributes<C> = object extends AttributesInput<C> ? [AttributesInput<C>?] : [AttributesInput<C>];

const isStaticType = (type: Type): type is StaticType => isStatic(type.shape);

function createNode<C extends Codecs>(
  op: Op<C>,
  name: string,
  inputs: readonly Value[],
  attrs: AttributesOf<C>,
  bodies: readonly Graph[],
  types: readonly Type[],
  constant: Tensor | undefined,
): Node<C> {
  const outputs: Value[] = [];
  const node: Node<C> = { op, name, inputs, attrs, bodies, outputs, constant };
  types.forEach((type, index) => {
    const contents = contentsOf(node, type, index);
    outputs.push({ node, index, type: type.type, shape: type.shape, contents });
  });
  return node;
}

function contentsOf<C extends Codecs>(
  { op, inputs, attrs, constant }: Node<C>,
  type: Type,
  index: number,
): readonly Dim[] | undefined {
  if ((type.type !== 'i32' && type.type !== 'i64') || !isStatic(type.shape)) return undefined;
  const count = sizeOf(type.shape);
  if (count > CONTENTS_LIMIT) return undefined;
  if (constant !== undefined) return Array.from(numbersOf(constant));
  const contents = op.contents?.(inputs, attrs, type, index);
  // An element of unknown value still is one value: the size it becomes equals every other size that it becomes.
  return contents ?? Array.from({ length: count }, freshDim);
}
