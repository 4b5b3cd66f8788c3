import { DecantError } from '../errors.ts';
import { checkRank, type Dim, freshDim, isStatic, isStaticDim, type Shape, Sym } from '../tensor/dim.ts';
import { bitsOf, byteLengthOf, type ElementType } from '../tensor/element-type.ts';
import { packStrings } from '../tensor/strings.ts';
import { deferred, numbersOf, scalar, sizeOf, stepsOf, type Tensor, tensorOf, vector } from '../tensor/tensor.ts';
import { allDefined } from './all-defined.ts';
import { attributeKey, type AttributesInput, type AttributesOf, type Codecs } from './attributes.ts';
import { constantOf, type Graph, type Node, type Op, type StaticType, type Type, type Value } from './graph.ts';
import { complete } from './op.ts';
import { Constant, Parameter } from './ops/infrastructure.ts';

/** Largest integer value, in elements, with a partial value: enough for shape vectors and index tables. */
const PARTIAL_VALUE_LIMIT = 32;

/** Elements to which folding may grow a constant: enough for anchors and index grids, not for expanded weights. */
const FOLD_LIMIT = 1 << 20;

/** Folding weights of more elements than this is deferred until their data is read. */
const DEFER_LIMIT = 1 << 14;

/**
 * A deferred constant that takes more computations than this is computed at once and kept: users of users would compute it
 * again, twice as often with each step. Weights pass a dozen steps.
 */
const MAX_DEFERRED_STEPS = 32;

/** Bytes of all constants that are folded and kept; the anchors and grids of detectors take a few dozen megabytes. */
const KEPT_BUDGET = 2 ** 28;

/** Elements of all deferred constants: these, and some for each element of the weights that they are computed from. */
const DEFERRED_BUDGET = 2 ** 24;
const DEFERRED_PER_WEIGHT = 8;

/** Elements of an input of known size; OpenVINO reserves their memory when it compiles a model. */
const MAX_ELEMENTS = 2 ** 28;

/** Creates nodes: infers types and partial values, and folds constants. */
export class Builder {
  /** Name of new nodes: the TensorFlow node being translated, or the node being rewritten. */
  origin: string;
  /** Deferred constants by op, inputs and attributes, so that equal ones are computed once. */
  private readonly deferred = new Map<string, readonly Value[]>();
  private readonly ids = new Map<Tensor, number>();
  private keptBytes = 0;
  private deferredElements = 0;
  private deferrableElements = DEFERRED_BUDGET;

  constructor(origin = '') {
    this.origin = origin;
  }

  /** Runs `make` with `origin` for new nodes, then restores the former origin. */
  at<T>(origin: string, make: () => T): T {
    const former = this.origin;
    this.origin = origin;
    try {
      return make();
    } finally {
      this.origin = former;
    }
  }

  /** Adds a node and returns its first output. */
  add<C extends Codecs>(op: Op<C>, inputs: readonly Value[], ...attrs: OptionalAttributes<C>): Value {
    return this.addAll(op, inputs, ...attrs)[0]!;
  }

  /** Adds a node and returns all of its outputs. */
  addAll<C extends Codecs>(op: Op<C>, inputs: readonly Value[], ...[attrs]: OptionalAttributes<C>): readonly Value[] {
    return this.make(op, inputs, complete(op, attrs ?? ({} as AttributesInput<C>)), []);
  }

  /** Adds a node with bodies (If, Loop, TensorIterator). */
  addWithBodies<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesInput<C>,
    bodies: readonly Graph[],
  ): readonly Value[] {
    return this.make(op, inputs, complete(op, attrs), bodies);
  }

  /** Adds a copy of a node with other inputs or bodies. */
  rebuild(node: Node, inputs: readonly Value[], bodies: readonly Graph[] = node.bodies): readonly Value[] {
    return this.make(node.op, inputs, node.attrs, bodies);
  }

  /** Adds an input of the graph. */
  parameter(name: string, type: ElementType, shape: Shape): Value {
    checkShape(`input '${name}'`, shape);
    if (isStatic(shape) && sizeOf(shape) > MAX_ELEMENTS)
      throw new DecantError('limit', `input '${name}' has ${sizeOf(shape)} elements, more than ${MAX_ELEMENTS}`);
    const attrs = { element_type: type, shape };
    return createNode({ ...LEAF, op: Parameter, name, attrs }, [{ type, shape }]).outputs[0]!;
  }

  /** Adds a constant without copying its data. */
  constant(constant: Tensor): Value {
    return createNode({ ...LEAF, op: Constant, name: this.origin, attrs: {}, constant }, [constant]).outputs[0]!;
  }

  /** Adds a constant without dimensions. @throws DecantError `unsupported` if the type is text */
  scalar(type: ElementType, value: number): Value {
    if (type === 'string') {
      throw new DecantError('unsupported', `a string tensor cannot be filled with the number ${value}`, {
        remedy: 'Select outputs that do not depend on it with --output.',
      });
    }
    return this.constant(scalar(type, value));
  }

  /** Adds an i64 vector, the type of OpenVINO's shape and axis inputs. */
  i64(...values: readonly number[]): Value {
    return this.constant(vector('i64', values));
  }

  private make<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesOf<C>,
    bodies: readonly Graph[],
  ): readonly Value[] {
    checkArity(op, inputs.length);
    const types = op.infer(inputs, attrs, bodies);
    for (const { shape } of types) checkShape(op.type, shape);
    const folded = this.fold(op, inputs, attrs, types);
    if (folded !== undefined) return folded;
    const facts = { op, name: this.origin, inputs, attrs, bodies, constant: undefined, isComputed: false };
    const { outputs } = createNode(facts, types);
    return outputs.some(isFixed) ? outputs.map(value => this.toConstant(value) ?? value) : outputs;
  }

  /** Turns empty values and complete partial values, such as ShapeOf of a static shape, into constants. */
  private toConstant({ type, shape, partialValue }: Value): Value | undefined {
    if (!isStatic(shape)) return undefined;
    // Some devices reject or crash on ops over empty tensors.
    if (sizeOf(shape) === 0)
      return this.constant(type === 'string' ? packStrings(shape, []) : tensorOf(type, shape, []));
    return partialValue?.every(isStaticDim) === true ? this.constant(tensorOf(type, shape, partialValue)) : undefined;
  }

  private fold<C extends Codecs>(
    op: Op<C>,
    inputs: readonly Value[],
    attrs: AttributesOf<C>,
    types: readonly Type[],
  ): readonly Value[] | undefined {
    if (op.evaluate === undefined || inputs.length === 0) return undefined;
    const constants = allDefined(inputs, constantOf);
    if (constants === undefined || !types.every(isStaticType)) return undefined;
    if (![...constants, ...types].every(({ type }) => hasOwnBytes(type))) return undefined;
    if (op.canEvaluate?.(constants, attrs) === false) return undefined;
    const limit = constants.reduce((most, { shape }) => Math.max(most, sizeOf(shape)), FOLD_LIMIT);
    if (types.some(({ shape }) => sizeOf(shape) > limit)) return undefined;
    const large = types.some(({ shape }) => sizeOf(shape) > DEFER_LIMIT) && inputs.some(isWeights);
    if (!large || stepsOf(constants) >= MAX_DEFERRED_STEPS) {
      this.keptBytes += types.reduce((sum, { type, shape }) => sum + byteLengthOf(type, sizeOf(shape)), 0);
      // Beyond the budget, OpenVINO computes them.
      if (this.keptBytes > KEPT_BUDGET) return undefined;
      return op.evaluate(constants, attrs, types).map(value => this.computed(value));
    }
    const ids = constants.map(constant => this.idOf(constant));
    const key = `${op.type}@${op.opset} ${ids.join()} ${attributeKey({ op, attrs })}`;
    const known = this.deferred.get(key);
    if (known !== undefined) return known;
    this.deferredElements += types.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    if (this.deferredElements > this.deferrableElements) return undefined;
    const values = types.map(({ type, shape }, i) =>
      this.constant(deferred(type, shape, () => op.evaluate!(constants, attrs, types)[i]!.data, constants)),
    );
    values.forEach(value => this.register(value.node.constant!));
    this.deferred.set(key, values);
    return values;
  }

  private computed(constant: Tensor): Value {
    const facts = { ...LEAF, op: Constant, name: this.origin, attrs: {}, constant, isComputed: true };
    return createNode(facts, [constant]).outputs[0]!;
  }

  private idOf(tensor: Tensor): number {
    const known = this.ids.get(tensor);
    if (known !== undefined) return known;
    // A constant that this builder did not defer itself, which would have an id: weights, which may be read lazily.
    this.deferrableElements += DEFERRED_PER_WEIGHT * sizeOf(tensor.shape);
    return this.register(tensor);
  }

  private register(tensor: Tensor): number {
    this.ids.set(tensor, this.ids.size);
    return this.ids.size - 1;
  }
}

const LEAF = { inputs: [], bodies: [], constant: undefined, isComputed: false } as const;

/**
 * Whether a constant is large data of the model. Anchors and grids, which grow from a few numbers in steps with shared
 * inputs, are not: deferred, each step would be computed again for each of its users.
 */
const isWeights = ({ node }: Value): boolean => sizeOf(node.constant!.shape) > DEFER_LIMIT && !node.isComputed;

type OptionalAttributes<C> = object extends AttributesInput<C> ? [AttributesInput<C>?] : [AttributesInput<C>];

function checkArity({ type, arity }: Pick<Op, 'type' | 'arity'>, count: number): void {
  const [least, most] = typeof arity === 'number' ? [arity, arity] : arity;
  if (count >= least && count <= most) return;
  const needed = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  throw new DecantError('malformed', `${type} has ${count} inputs, but needs ${needed}`);
}

function checkShape(what: string, shape: Shape): void {
  checkRank(what, shape.length);
  const wrong = shape.findIndex(dim => !(dim instanceof Sym || (Number.isSafeInteger(dim) && dim >= 0)));
  if (wrong >= 0) throw new DecantError('malformed', `${what} would have a dimension of size ${String(shape[wrong])}`);
}

/** Whether a value may be a constant. */
const isFixed = ({ shape, partialValue }: Value): boolean => partialValue !== undefined || shape.includes(0);

const hasOwnBytes = (type: ElementType): boolean => bitsOf(type) >= 8;

const isStaticType = (type: Type): type is StaticType => isStatic(type.shape);

function createNode<C extends Codecs>(facts: Omit<Node<C>, 'outputs'>, types: readonly Type[]): Node<C> {
  const outputs: Value[] = [];
  const { op, name, inputs, attrs, bodies, constant, isComputed } = facts;
  // Without spreads, which are slow here and give nodes different hidden classes.
  const node: Node<C> = { op, name, inputs, attrs, bodies, outputs, constant, isComputed };
  const permuted = types.some(hasPartialValue) ? permutedPartialValues(node, types) : undefined;
  types.forEach((type, index) => {
    const partialValue = hasPartialValue(type) ? (permuted?.[index] ?? partialValueOf(node, type, index)) : undefined;
    outputs.push({ node, index, type: type.type, shape: type.shape, partialValue });
  });
  return node;
}

const PARTIAL_VALUE_TYPES: ReadonlySet<ElementType> = new Set(['i32', 'i64', 'boolean']);

const hasPartialValue = ({ type, shape }: Type): boolean =>
  PARTIAL_VALUE_TYPES.has(type) && isStatic(shape) && sizeOf(shape) <= PARTIAL_VALUE_LIMIT;

function partialValueOf<C extends Codecs>(
  { op, inputs, attrs, constant }: Node<C>,
  type: Type,
  index: number,
): readonly Dim[] | undefined {
  if (constant !== undefined) return Array.from(numbersOf(constant));
  const partialValue = op.partialValue?.(inputs, attrs, type, index);
  if (partialValue !== undefined || type.type === 'boolean' || !isStatic(type.shape)) return partialValue;
  // Sizes computed from the same unknown element are equal.
  return Array.from({ length: sizeOf(type.shape) }, freshDim);
}

/** Infers partial values for an op that only moves elements, by evaluating it on their positions. */
function permutedPartialValues<C extends Codecs>(
  { op, inputs, attrs }: Node<C>,
  types: readonly Type[],
): readonly (readonly Dim[])[] | undefined {
  if (op.permutesElements === undefined || op.evaluate === undefined || !types.every(isStaticType)) return undefined;
  const sizes: Dim[] = [];
  const tensors: Tensor[] = [];
  for (const [i, { partialValue, shape, node }] of inputs.entries()) {
    if (op.permutesElements === 'first' && i > 0) {
      if (node.constant === undefined) return undefined;
      tensors.push(node.constant);
    } else {
      if (partialValue === undefined || !isStatic(shape)) return undefined;
      const positions = partialValue.map((_, k) => sizes.length + k);
      tensors.push(tensorOf('i32', shape, positions));
      sizes.push(...partialValue);
    }
  }
  if (op.canEvaluate?.(tensors, attrs) === false) return undefined;
  const indexTypes = types.map(({ shape }) => ({ type: 'i32', shape }) as const);
  const outputs = op.evaluate(tensors, attrs, indexTypes);
  return outputs.map(output => Array.from(numbersOf(output), position => sizes[position]!));
}
