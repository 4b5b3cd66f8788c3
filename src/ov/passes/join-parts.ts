import { normalizeAxis } from '../../tensor/axis.ts';
import { isStatic, shapeEquals } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { numbersOf, vector } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Value } from '../graph.ts';
import { Add, Multiply } from '../ops/arithmetic.ts';
import { MatMul } from '../ops/matrix.ts';
import { Concat, Pad, Split } from '../ops/movement.ts';
import { Reshape, Unsqueeze } from '../ops/shape.ts';
import { unshaped } from '../reshaping.ts';
import type { RewriteContext } from '../rewrite.ts';
import { concat, constantLike, reshape, unsqueeze } from '../shorthand.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/** More terms would be many small ops. */
const MOST_TERMS = 8;

/** MatMul(Concat(Unsqueeze(x, -1), Unsqueeze(y, -1)), [[u], [v]])  ->  Unsqueeze(x * u + y * v, -1). Nothing is stacked. */
const sumOfTerms = rule('sum-of-terms', 'products of stacks computed as weighted sums', [MatMul], (node, context) => {
  const [stack, weights] = node.inputs as readonly [Value, Value];
  const constant = constantOf(weights);
  const { transpose_a, transpose_b } = node.attrs;
  const columns = weights.shape.length === 2 ? weights.shape[transpose_b ? 0 : 1] : 1;
  if (constant === undefined || transpose_a || columns !== 1 || weights.shape.length > 2) return undefined;
  const terms = stackedTerms(stack, context);
  if (terms === undefined || terms.length > MOST_TERMS || !isReal(stack.type)) return undefined;
  const { b } = context;
  const factors = numbersOf(constant);
  const sum = terms
    .map((term, i) => b.add(Multiply, [term, constantLike(b, term, factors[i]!)]))
    .reduce((a, c) => b.add(Add, [a, c]));
  return [weights.shape.length === 1 ? sum : unsqueeze(b, sum, -1)];
});

/** The values that are stacked along a new last axis, if nothing else uses the stack. */
function stackedTerms(stack: Value, { b, uses }: RewriteContext): readonly Value[] | undefined {
  const { node, shape } = stack;
  const last = shape.length - 1;
  if (!is(node, Concat) || uses(stack) !== 1 || normalizeAxis(node.attrs.axis, shape.length) !== last) return undefined;
  const terms = node.inputs.map(input => (input.shape[last] === 1 ? withoutLastAxis(b, input) : undefined));
  return terms.every(term => term !== undefined) ? terms : undefined;
}

function withoutLastAxis(b: Builder, value: Value): Value | undefined {
  const { node, shape } = value;
  const x = node.inputs[0];
  if (is(node, Unsqueeze) && shapeEquals(x!.shape, shape.slice(0, -1))) return x;
  return is(node, Reshape) && isStatic(shape) ? reshape(b, value, ...shape.slice(0, -1)) : undefined;
}

/** Concat(Pad(x[..., 0]), Pad(x[..., 1]), ...)  ->  Pad(x). If all channels are padded alike. */
const padTogether = rule('pad-together', 'channels padded together', [Concat], (node, { b }) => {
  const { shape } = node.outputs[0]!;
  const channels = node.inputs.map(paddedChannel);
  const [first] = channels;
  if (first === undefined || normalizeAxis(node.attrs.axis, shape.length) !== shape.length - 1) return undefined;
  const { pad, split } = first;
  const isLike = (channel: PaddedChannel | undefined, i: number): boolean =>
    channel?.split === split && channel.index === i && padsAlike(channel.pad, pad);
  if (channels.length !== split.outputs.length || !channels.every(isLike)) return undefined;
  const [x] = split.inputs as readonly [Value];
  const [, begin, end, ...fill] = pad.inputs as readonly [Value, Value, Value, ...Value[]];
  const pads = [begin, end].map(sizes => concat(b, 0, [sizes, b.constant(vector(sizes.type, [0]))]));
  const padded = b.rebuild(pad, [x, ...pads, ...fill])[0]!;
  if (isStatic(shape)) return [reshape(b, padded, ...shape)];
  return shapeEquals(padded.shape, shape) ? [padded] : undefined;
});

type PadNode = Node<(typeof Pad)['attributes']>;

interface PaddedChannel {
  readonly pad: PadNode;
  readonly split: Node;
  readonly index: number;
}

/** Finds the Pad of x[..., i], with the channel as a last axis again. */
function paddedChannel(value: Value): PaddedChannel | undefined {
  const pad = unshaped(value).node;
  if (!is(pad, Pad) || value.shape[value.shape.length - 1] !== 1) return undefined;
  const channel = pad.inputs[0]!;
  const { node: split, index } = unshaped(channel);
  if (!is(split, Split) || split.inputs[1]!.partialValue?.length !== 1) return undefined;
  const { shape } = split.inputs[0]!;
  const isLast = normalizeAxis(Number(split.inputs[1]!.partialValue[0]), shape.length) === shape.length - 1;
  const isSingle = split.outputs.length === shape[shape.length - 1] && shapeEquals(channel.shape, shape.slice(0, -1));
  return isLast && isSingle ? { pad, split, index } : undefined;
}

function padsAlike(a: PadNode, b: PadNode): boolean {
  return a.attrs.pad_mode === b.attrs.pad_mode && a.inputs.slice(1).every((input, i) => input === b.inputs[i + 1]);
}

export const joinParts = pass(
  'join-parts',
  'replaces computations on single channels or on stacked terms with one on the whole tensor',
  [sumOfTerms, padTogether],
);
