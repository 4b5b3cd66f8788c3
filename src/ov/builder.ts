import { DecantError } from '../errors.ts';
import { type Dim, freshDim, isStatic, isStaticDim, type Shape, Sym } from '../tensor/dim.ts';
import { bitsOf, type ElementType } from '../tensor/element-type.ts';
import { packStrings } from '../tensor/strings.ts';
import { deferred, numbersOf, scalar, sizeOf, type Tensor, tensorOf, vector } from '../tensor/tensor.ts';
import type { AttributesInput, AttributesOf, Codecs } from './attributes.ts';
import type { Graph, Node, Op, StaticType, Type, Value } from './graph.ts';
import { complete } from './op.ts';
import { Constant, Parameter } from './ops/infrastructure.ts';

/** Integer values of up to this many elements are followed as sizes: shape vectors and index tables, not data. */
const CONTENTS_LIMIT = 32;

/** A fold may grow its inputs up to this many elements: anchors and index grids fold, expanded weights do not. */
const FOLD_LIMIT = 1 << 20;

/** Larger constants are folded when they are needed, and only then. */
const DEFER_LIMIT = 1 << 14;

/** Makes nodes: infers types, follows sizes, folds constants and names what it makes. */
export class Builder {
  /** Name of new nodes: the TensorFlow node being translated, or the node being rewritten. */
  origin: string;
  /** Large constants that were folded: several users of one variable share what becomes of it. */
  private readonly folded = new Map<string, readonly Value[]>();

  constructor(origin = '') {
    this.origin = origin;
  }

  /** Runs `make` with new nodes named `origin`, then restores the former name, and returns the result of `make`. */
  at<T>(origin: string, make: () => T): T {
    const former = this.origin;
    this.origin = origin;
    try {
      return make();
    } finally {
      this.origin = former;
    }
  }

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

  /** An input of the graph. */
  parameter(name: string, type: ElementType, shape: Type['shape']): Value {
    checkSizes(`input '${name}'`, shape);
    return createNode(Parameter, name, [], { element_type: type, shape }, [], [{ type, shape }], undefined).outputs[0]!;
  }

  /** A constant: the tensor is not copied. */
  constant(value: Tensor): Value {
    const type = { type: value.type, shape: value.shape };
    return createNode(Constant, this.origin, [], {}, [], [type], value).outputs[0]!;
  }

  /** A constant without dimensions. */
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
    types.forEach(({ shape }) => {
      checkSizes(op.type, shape);
    });
    const folded = this.fold(op, inputs, attrs, types);
    if (folded !== undefined) return folded;
    const node = createNode(op, this.origin, inputs, attrs, bodies, types, undefined);
    return node.outputs.map(value => this.known(value) ?? value);
  }

  /** What is known to the last element is a constant, although no input is: the shape of a value of fixed shape, or nothing. */
  private known({ type, shape, partialValue: contents }: Value): Value | undefined {
    if (!isStatic(shape)) return undefined;
    // Devices refuse or even crash on work over no elements.
    if (sizeOf(shape) === 0)
      return this.constant(type === 'string' ? packStrings(shape, []) : tensorOf(type, shape, []));
    return contents?.every(isStaticDim) === true ? this.constant(tensorOf(type, shape, contents)) : undefined;
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
    if (![...constants, ...types].every(({ type }) => hasOwnBytes(type))) return undefined;
    if (op.evaluates?.(constants, attrs) === false) return undefined;
    const limit = constants.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), FOLD_LIMIT);
    if (types.some(({ shape }) => sizeOf(shape) > limit)) return undefined;
    const large = types.some(({ shape }) => sizeOf(shape) > DEFER_LIMIT) && constants.some(isWeights);
    if (!large) {
      return op.evaluate(constants, attrs, types).map(value => {
        COMPUTED.add(value);
        return this.constant(value);
      });
    }
    const key = `${op.type}@${op.opset} ${constants.map(idOf).join()} ${attributesText(op, attrs)}`;
    const known = this.folded.get(key);
    if (known !== undefined) return known;
    const values = types.map(({ type, shape }, i) =>
      this.constant(deferred(type, shape, () => op.evaluate!(constants, attrs, types)[i]!.data)),
    );
    this.folded.set(key, values);
    return values;
  }
}

/** Numbers of constants, for the keys of what is folded from them. */
const ids = new WeakMap<Tensor, number>();
let nextId = 0;

function idOf(tensor: Tensor): number {
  const id = ids.get(tensor) ?? nextId++;
  ids.set(tensor, id);
  return id;
}

/** Constants that are as large as what is folded from them; grids and anchors, which grow, are computed at once. */
/**
 * What was computed from small constants. Anchors and grids grow out of a few numbers by many steps that share what they
 * use; put off, each step would be computed again for each of its users.
 */
const COMPUTED = new WeakSet<Tensor>();

const isWeights = (tensor: Tensor): boolean => sizeOf(tensor.shape) > DEFER_LIMIT && !COMPUTED.has(tensor);

const attributesText = <C extends Codecs>(op: Op<C>, attrs: AttributesOf<C>): string =>
  Object.entries(op.attributes)
    .map(([name, codec]) => codec.write(attrs[name]))
    .join('|');

/** Attributes may be left out altogether where the op has none that it needs. */
type OptionalAttributes<C> = object extends AttributesInput<C> ? [AttributesInput<C>?] : [AttributesInput<C>];

/** Windows that do not fit, pads that cut too much and attributes that are too few all end in a size that is none. */
function checkSizes(what: string, shape: Shape): void {
  const wrong = shape.findIndex(dim => !(dim instanceof Sym || (Number.isSafeInteger(dim) && dim >= 0)));
  if (wrong >= 0) throw new DecantError('malformed', `${what} would have a size of ${String(shape[wrong])}`);
}

/** Whether elements can be read one by one: of packed types and strings they cannot. */
const hasOwnBytes = (type: ElementType): boolean => bitsOf(type) >= 8;

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
  const moved = types.some(isFollowed) ? movedContents(node, types) : undefined;
  types.forEach((type, index) => {
    const contents = isFollowed(type) ? (moved?.[index] ?? contentsOf(node, type, index)) : undefined;
    outputs.push({ node, index, type: type.type, shape: type.shape, partialValue: contents });
  });
  return node;
}

const FOLLOWED: ReadonlySet<ElementType> = new Set(['i32', 'i64', 'boolean']);

const isFollowed = ({ type, shape }: Type): boolean =>
  FOLLOWED.has(type) && isStatic(shape) && sizeOf(shape) <= CONTENTS_LIMIT;

function contentsOf<C extends Codecs>(
  { op, inputs, attrs, constant }: Node<C>,
  type: Type,
  index: number,
): readonly Dim[] | undefined {
  if (constant !== undefined) return Array.from(numbersOf(constant));
  const contents = op.partialValue?.(inputs, attrs, type, index);
  if (contents !== undefined || type.type === 'boolean' || !isStatic(type.shape)) return contents;
  // An element of unknown value still is one value: the size it becomes equals every other size that it becomes.
  return Array.from({ length: sizeOf(type.shape) }, freshDim);
}

/** For an op that only moves elements: where each one came from, found by moving their numbers instead of them. */
function movedContents<C extends Codecs>(
  { op, inputs, attrs }: Node<C>,
  types: readonly Type[],
): readonly (readonly Dim[])[] | undefined {
  if (op.permutesElements === undefined || op.evaluate === undefined || !types.every(isStaticType)) return undefined;
  const sizes: Dim[] = [];
  const numbered: Tensor[] = [];
  for (const [i, { partialValue: contents, shape, node }] of inputs.entries()) {
    if (op.permutesElements === 'first' && i > 0) {
      if (node.constant === undefined) return undefined;
      numbered.push(node.constant);
    } else {
      if (contents === undefined || !isStatic(shape)) return undefined;
      const from = sizes.length;
      numbered.push(
        tensorOf(
          'i32',
          shape,
          Array.from(contents, (_, k) => from + k),
        ),
      );
      sizes.push(...contents);
    }
  }
  if (op.evaluates?.(numbered, attrs) === false) return undefined;
  const outputs = op.evaluate(
    numbered,
    attrs,
    types.map(({ shape }) => ({ type: 'i32', shape })),
  );
  return outputs.map(output => Array.from(numbersOf(output), number => sizes[number]!));
}
