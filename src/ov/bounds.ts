import { isStatic } from '../tensor/dim.ts';
import { isInteger, isReal } from '../tensor/element-type.ts';
import { numbersOf, sizeOf } from '../tensor/tensor.ts';
import { constantOf, is, type Node, type Op, type Value } from './graph.ts';
import { Add, Divide, FloorMod, Multiply, Subtract } from './ops/arithmetic.ts';
import { NonZero, Select } from './ops/condition.ts';
import { Gather } from './ops/gather.ts';
import { Broadcast, Concat, Pad, Split, Tile, Transpose } from './ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from './ops/shape.ts';
import { Slice, StridedSlice } from './ops/slice.ts';
import { NonMaxSuppression, TopK } from './ops/sort.ts';
import { Convert } from './ops/type.ts';

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Larger constants are taken for weights. */
const SMALL = 1 << 16;

/** More nodes than there are between a table of classes and its use. */
const DEPTH = 64;

/** Ops whose outputs consist of elements of the first input. */
const MOVES: ReadonlySet<Op> = new Set<Op>([
  Broadcast,
  Reshape,
  Slice,
  Split,
  Squeeze,
  StridedSlice,
  Tile,
  Transpose,
  Unsqueeze,
]);

/** Returns bounds of all elements of a value, whatever the inputs of the graph, if they follow from constants. */
export const boundsOf = (value: Value): Bounds | undefined => new Analysis().boundsOf(value, DEPTH);

class Analysis {
  /** Visited once: the paths to a value may be exponentially many. */
  readonly #known = new Map<Value, Bounds | undefined>();

  boundsOf(value: Value, depth: number): Bounds | undefined {
    if (depth === 0) return undefined;
    if (!this.#known.has(value)) this.#known.set(value, this.#compute(value, depth));
    return this.#known.get(value);
  }

  #compute(value: Value, depth: number): Bounds | undefined {
    const { node } = value;
    if (constantOf(value) !== undefined) return boundsOfConstant(value);
    const bounds = (i: number): Bounds | undefined => this.boundsOf(node.inputs[i]!, depth - 1);
    if (MOVES.has(node.op)) return bounds(0);
    // Of an index that is out of range, OpenVINO's CPU plugin gathers 0.
    if (is(node, Gather)) return union([bounds(0), { least: 0, most: 0 }]);
    if (is(node, Concat)) return union(node.inputs.map((_, i) => bounds(i)));
    if (is(node, Select)) return union([bounds(1), bounds(2)]);
    if (is(node, Pad)) return union([bounds(0), node.inputs.length > 3 ? bounds(3) : { least: 0, most: 0 }]);
    if (is(node, Convert)) return converted(node, bounds(0));
    if (isPosition(value)) return boundsOfPositions(node.inputs);
    const ofTwo = OF_NUMBERS.get(node.op) ?? (isInteger(value.type) ? OF_INTEGERS.get(node.op) : undefined);
    if (ofTwo === undefined || !isExact(value.type)) return undefined;
    const [a, b] = [bounds(0), bounds(1)];
    return a === undefined || b === undefined ? undefined : ofTwo(a, b);
  }
}

/** Whether elements are numbers of rows or columns of the inputs. */
const isPosition = ({ node, index }: Value): boolean =>
  is(node, NonZero) || (is(node, TopK) && index === 1) || (is(node, NonMaxSuppression) && index === 0);

function boundsOfPositions(inputs: readonly Value[]): Bounds | undefined {
  const sizes = inputs.flatMap(({ shape }) => shape);
  // NonMaxSuppression has rows of -1 where it has no others.
  return isStatic(sizes) ? within({ least: -1, most: Math.max(0, ...sizes) }) : undefined;
}

type OfTwo = (x: Bounds, y: Bounds) => Bounds | undefined;

const sum: OfTwo = (x, y) => within({ least: x.least + y.least, most: x.most + y.most });

const difference: OfTwo = (x, y) => within({ least: x.least - y.most, most: x.most - y.least });

const OF_NUMBERS: ReadonlyMap<Op, OfTwo> = new Map<Op, OfTwo>([
  [Add, sum],
  [Subtract, difference],
]);

const product: OfTwo = (x, y) => {
  const ends = [x.least * y.least, x.least * y.most, x.most * y.least, x.most * y.most];
  return within({ least: Math.min(...ends), most: Math.max(...ends) });
};

const quotient: OfTwo = (x, y) =>
  y.least < 1 ? undefined : { least: Math.min(x.least, 0), most: Math.max(x.most, 0) };

const remainder: OfTwo = (_, y) => (y.least < 1 ? undefined : { least: 0, most: y.most - 1 });

const OF_INTEGERS: ReadonlyMap<Op, OfTwo> = new Map<Op, OfTwo>([
  [Divide, quotient],
  [FloorMod, remainder],
  [Multiply, product],
]);

function boundsOfConstant(value: Value): Bounds | undefined {
  const constant = constantOf(value)!;
  if (constant.type === 'string' || sizeOf(constant.shape) > SMALL) return undefined;
  const numbers = Array.from(numbersOf(constant));
  if (numbers.length === 0 || numbers.some(number => !Number.isFinite(number))) return undefined;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  return within({ least, most: numbers.reduce((a, b) => Math.max(a, b)) });
}

function union(parts: readonly (Bounds | undefined)[]): Bounds | undefined {
  return parts.reduce((a, b) =>
    a === undefined || b === undefined
      ? undefined
      : { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) },
  );
}

/** A conversion to integers rounds towards 0. */
function converted({ outputs }: Node, bounds: Bounds | undefined): Bounds | undefined {
  const { type } = outputs[0]!;
  if (bounds === undefined || !isExact(type)) return undefined;
  return isReal(type) ? bounds : { least: Math.trunc(bounds.least), most: Math.trunc(bounds.most) };
}

/** Types that hold all whole numbers of `LIMIT` without rounding or overflow. */
const isExact = (type: string): boolean => ['f32', 'f64', 'i32', 'i64'].includes(type);

const LIMIT = 1 << 24;

const within = (bounds: Bounds): Bounds | undefined =>
  Math.abs(bounds.least) > LIMIT || Math.abs(bounds.most) > LIMIT ? undefined : bounds;
