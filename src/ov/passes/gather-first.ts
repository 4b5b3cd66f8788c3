import { normalizeAxis } from '../../tensor/axis.ts';
import { type Dim } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Op, type Value } from '../graph.ts';
import { Add, Divide, Multiply, Subtract } from '../ops/arithmetic.ts';
import { Gather } from '../ops/gather.ts';
import { Squeeze, Unsqueeze } from '../ops/shape.ts';
import { TopK } from '../ops/sort.ts';
import { axisBefore } from '../reshaping.ts';
import { squeeze } from '../shorthand.ts';
import { plainAxis } from './gather-rules.ts';
import { elementwiseInvariant } from './loop-rules.ts';
import { pass } from './pass.ts';
import { MOST_STEPS, rule } from './rule.ts';
import { shapeBefore } from './shape-before.ts';

/** Gather(x[1, ...], 0, 0)  ->  Squeeze(x, 0). Likewise along any axis of size 1. */
const onlyPosition = rule('only-position', 'gathers of the only position removed', [Gather], (node, { b }) => {
  const axis = plainAxis(node);
  const x = node.inputs[0]!;
  const index = node.inputs[1]!;
  if (axis === undefined || x.shape[axis] !== 1 || index.shape.length > 0) return undefined;
  return Number(constantOf(index)?.data[0]) === 0 ? [squeeze(b, x, axis)] : undefined;
});

/** Gather(f(x), i)  ->  f(Gather(x, i)). Element-wise ops work on fewer elements, and axes are gathered from the first on. */
const gatherEarlier = rule('gather-earlier', 'gathers moved before element-wise ops', [Gather], (node, { b }) => {
  const axis = plainAxis(node);
  const x = node.inputs[0]!;
  const indices = node.inputs[1]!;
  if (axis === undefined || indices.shape.length !== 1) return undefined;
  if (!isSmaller(indices.shape[0]!, x.shape[axis]!) && !(typeof x.shape[axis] !== 'number' && isImage(x)))
    return undefined;
  const moved = new Mover(b, indices).before(x, axis);
  return moved === undefined ? undefined : [moved];
});

/** Whether a gather at least halves an axis. A dynamic one, like an image's, is assumed to be large. */
const isSmaller = (count: Dim, size: Dim): boolean =>
  typeof count === 'number' && (typeof size !== 'number' || 2 * count <= size);

/** Whether values are computed from bytes, element by element. Gathers of bytes are cheap whatever the size of the result. */
function isImage(value: Value): boolean {
  let x: Value | undefined = value;
  while (x !== undefined && x.type !== 'u8') x = passesElements(x.node) ? x.node.inputs[0] : undefined;
  return x !== undefined;
}

const passesElements = (node: Node): boolean =>
  node.op.traits?.elementwise === true || is(node, Unsqueeze) || is(node, Squeeze) || is(node, Gather);

/** Gather(TopK(x), i)  ->  TopK(Gather(x, i)). If their axes differ: the best class is then searched for detected boxes only. */
const gatherBeforeTopK = rule(
  'gather-before-top-k',
  'gathers moved before the search for the best values',
  [Gather],
  (node, { b, uses }) => {
    const axis = plainAxis(node);
    const [best, indices] = node.inputs as readonly [Value, Value];
    if (!is(best.node, TopK) || uses(best) !== 1 || axis === undefined || indices.shape.length !== 1) return undefined;
    if (axis === normalizeAxis(best.node.attrs.axis, best.shape.length)) return undefined;
    if (!isSmaller(indices.shape[0]!, best.shape[axis]!)) return undefined;
    const [x, k] = best.node.inputs as readonly [Value, Value];
    return [b.rebuild(best.node, [b.add(Gather, [x, indices, node.inputs[2]!]), k])[best.index]!];
  },
);

class Mover {
  readonly #b: Builder;
  #steps = 0;
  readonly #indices: Value;
  readonly #gathered = new Map<Value, Value>();

  constructor(b: Builder, indices: Value) {
    this.#b = b;
    this.#indices = indices;
  }

  /** The gathered value, computed from gathered inputs, if it is computed by an op that allows it. */
  before(value: Value, axis: number): Value | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    const { node } = value;
    const { elementwise, broadcast } = node.op.traits ?? {};
    if (is(node, Unsqueeze) || is(node, Squeeze)) return this.#beforeReshaping(node, axis);
    if (is(node, Gather)) return this.#beforeGather(node, axis);
    if (elementwise !== true || broadcast === 'first') return undefined;
    const rank = value.shape.length;
    const inputs = node.inputs.map((input, i) => {
      const own = axis - rank + input.shape.length;
      const isSame = (i > 0 && broadcast === undefined) || own < 0 || input.shape[own] === 1;
      return isSame ? input : this.#gather(input, own);
    });
    return this.#b.rebuild(node, inputs)[value.index];
  }

  #gather(value: Value, axis: number): Value {
    const known = this.#gathered.get(value);
    if (known !== undefined) return known;
    const moved = this.before(value, axis) ?? this.#b.add(Gather, [value, this.#indices, this.#b.scalar('i64', axis)]);
    this.#gathered.set(value, moved);
    return moved;
  }

  #beforeReshaping(node: Node, axis: number): Value | undefined {
    const own = axisBefore(node, axis);
    if (own === undefined) return undefined;
    const [x, axes] = node.inputs as readonly [Value, Value];
    return this.#b.rebuild(node, [this.#gather(x, own), axes])[0];
  }

  /** Earlier axes first: their positions are contiguous in memory. */
  #beforeGather(node: Node<(typeof Gather)['attributes']>, axis: number): Value | undefined {
    const other = plainAxis(node);
    if (other === undefined || other <= axis || node.inputs[1]!.shape.length !== 1) return undefined;
    return this.#b.rebuild(node, [this.#gather(node.inputs[0]!, axis), ...node.inputs.slice(1)])[0];
  }
}

const SCALES: ReadonlySet<Op> = new Set<Op>([Add, Subtract, Multiply, Divide]);

/**
 * f(x) + (f(y) - f(x)) * t  ->  f(x + (y - x) * t). If f scales or shifts channels by constants: the interpolation then runs
 * on the elements of the image. Scalar constants stay, as OpenVINO fuses them with the interpolation.
 */
const interpolateEarlier = rule('interpolate-earlier', 'channels scaled after interpolation', [Add], (node, { b }) => {
  const [start, product] = node.inputs as readonly [Value, Value];
  const difference = product.node.inputs[0];
  if (!is(product.node, Multiply) || difference === undefined || !is(difference.node, Subtract)) return undefined;
  const [end, again] = difference.node.inputs as readonly [Value, Value];
  if (again !== start || !scalesChannels(start.node) || !isSameOpOf(start.node, end.node)) return undefined;
  const [x, constant] = start.node.inputs as readonly [Value, Value];
  const between = b.add(Subtract, [end.node.inputs[0]!, x]);
  const interpolated = b.add(Add, [x, b.add(Multiply, [between, product.node.inputs[1]!])]);
  return b.rebuild(start.node, [interpolated, constant]);
});

const scalesChannels = ({ op, inputs: [x, constant] }: Node): boolean =>
  SCALES.has(op) && isReal(x!.type) && constant!.shape.length > 0 && constantOf(constant!) !== undefined;

const isSameOpOf = (a: Node, b: Node): boolean => a.op === b.op && a.inputs[1] === b.inputs[1];

export const gatherFirst = pass(
  'gather-first',
  'moves gathers, such as those of image resizing, before element-wise ops, which then work on fewer elements',
  [elementwiseInvariant, onlyPosition, gatherEarlier, gatherBeforeTopK, interpolateEarlier, shapeBefore],
  { repeat: true },
);
