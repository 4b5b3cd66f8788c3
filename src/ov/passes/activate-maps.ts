import { allDefined } from '../all-defined.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Op, type Value } from '../graph.ts';
import { Clamp, HSigmoid, HSwish, Relu, Sigmoid } from '../ops/activation.ts';
import { Add, Tanh } from '../ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { Concat, Transpose } from '../ops/movement.ts';
import { isReshaping, unshaped } from '../reshaping.ts';
import type { RewriteContext } from '../rewrite.ts';
import { pass } from './pass.ts';
import { MOST_STEPS, rule } from './rule.ts';

/** What OpenVINO fuses with a convolution or matrix product before it. */
export const ACTIVATIONS: readonly Op[] = [Clamp, HSigmoid, HSwish, Relu, Sigmoid, Tanh];

/** f(Concat(Reshape(Convolution(x)), ...))  ->  Concat(Reshape(f(Convolution(x))), ...). OpenVINO fuses f with the convolutions. */
const activateConvolutions = rule(
  'activate-convolutions',
  'activations moved before concatenations',
  ACTIVATIONS,
  (node, context) => {
    const [x] = node.inputs as readonly [Value];
    if (!isMoved(x.node)) return undefined;
    const activated = new Activator(node, context).before(x);
    return activated && [activated];
  },
);

const isMoved = (node: Node): boolean => isReshaping(node) || is(node, Transpose) || is(node, Concat);

/** Applies an activation to the convolutions that a value consists of. */
class Activator {
  readonly #activation: Node;
  readonly #b: Builder;
  readonly #uses: RewriteContext['uses'];
  #steps = 0;

  constructor(activation: Node, { b, uses }: RewriteContext) {
    this.#activation = activation;
    this.#b = b;
    this.#uses = uses;
  }

  before(value: Value): Value | undefined {
    const { node } = value;
    if (++this.#steps > MOST_STEPS || this.#uses(value) !== 1) return undefined;
    if (isConvolution(node)) return this.#b.rebuild(this.#activation, [value])[0];
    if (!isMoved(node)) return undefined;
    const data = is(node, Concat) ? node.inputs : node.inputs.slice(0, 1);
    const activated = allDefined(data, input => this.before(input));
    return activated && this.#b.rebuild(node, [...activated, ...node.inputs.slice(data.length)])[0];
  }
}

/** Whether a node is a convolution, with or without a bias, which maps of one position may get after a reshape. */
function isConvolution(node: Node): boolean {
  if (is(node, Convolution) || is(node, GroupConvolution)) return true;
  const [x, bias] = node.inputs;
  return is(node, Add) && constantOf(bias!) !== undefined && isConvolution(unshaped(x!).node);
}

export const activateMaps = pass(
  'activate-maps',
  'moves activations of concatenated feature maps, such as the sigmoid of all scores, to the convolutions before',
  [activateConvolutions],
);
