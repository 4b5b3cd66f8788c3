import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import { Add, Divide, Maximum, Minimum, Multiply } from '../../ov/ops/elementwise.ts';
import { LogSoftmax, SoftMax } from '../../ov/ops/matmul.ts';
import * as unary from '../../ov/ops/unary.ts';
import { toChannelsFirst, toChannelsLast } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { constantLike, reshape } from '../values.ts';

export const relu6 = (b: Builder, x: Value): Value => b.add(unary.Clamp, [x], { min: 0, max: 6 });

/** x where it is positive, alpha * x elsewhere. */
export const leakyRelu = (b: Builder, x: Value, alpha: number): Value =>
  b.add(unary.PRelu, [x, b.constant({ type: 'f32', shape: [1], data: Float32Array.of(alpha) })]);

/** x where it is positive, alpha * x elsewhere, with an alpha for each channel or for each element. */
export function prelu(b: Builder, x: Value, alpha: Value): Value {
  const channels = alpha.shape[alpha.shape.length - 1];
  const perChannel = alpha.shape.slice(0, -1).every(dim => dim === 1) && typeof channels === 'number';
  if (perChannel && x.shape.length > 2) {
    return toChannelsLast(b, b.add(unary.PRelu, [toChannelsFirst(b, x), reshape(b, alpha, channels)]));
  }
  if (perChannel && x.shape.length === 2) return b.add(unary.PRelu, [x, reshape(b, alpha, channels)]);
  const zero = constantLike(b, x, 0);
  return b.add(Add, [b.add(unary.Relu, [x]), b.add(Multiply, [alpha, b.add(Minimum, [x, zero])])]);
}

const map =
  (op: Op) =>
  ({ inputs }: TfOp, b: Builder): Value =>
    b.add(op, [inputs[0]!], {});

/** The activation that ends a fused node; `args` are the inputs that no earlier step took. */
export function fusedActivation(b: Builder, name: string, x: Value, op: TfOp, args: Value[]): Value {
  switch (name) {
    case 'Relu':
      return b.add(unary.Relu, [x]);
    case 'Relu6':
      return relu6(b, x);
    case 'Elu':
      return b.add(unary.Elu, [x]);
    case 'Sigmoid':
      return b.add(unary.Sigmoid, [x]);
    case 'Tanh':
      return b.add(unary.Tanh, [x]);
    case 'LeakyRelu':
      return leakyRelu(b, x, op.float('leakyrelu_alpha', 0.2));
    case 'Prelu':
      return prelu(b, x, args.shift()!);
    default:
      throw new DecantError('unsupported', `${op.type} fused with ${name}`);
  }
}

export const activation: Translators = {
  Relu: map(unary.Relu),
  Relu6: ({ inputs }, b) => relu6(b, inputs[0]!),
  Elu: (op, b) => b.add(unary.Elu, [op.input(0)]),
  Selu: (op, b) => {
    // The two constants of the paper that introduced it, as TensorFlow's kernel holds them.
    const x = op.input(0);
    return b.add(unary.Selu, [x, b.scalar(x.type, 1.6732632423543772), b.scalar(x.type, 1.0507009873554805)]);
  },
  LeakyRelu: (op, b) => leakyRelu(b, op.input(0), op.float('alpha', 0.2)),
  Prelu: (op, b) => prelu(b, op.input(0), op.input(1)),
  Sigmoid: map(unary.Sigmoid),
  Tanh: map(unary.Tanh),
  Softplus: map(unary.SoftPlus),
  Softsign: map(unary.SoftSign),
  Swish: map(unary.Swish),
  Mish: map(unary.Mish),
  'Addons>Gelu': (op, b) =>
    b.add(unary.Gelu, [op.input(0)], { approximation_mode: op.bool('approximate', true) ? 'TANH' : 'ERF' }),
  Softmax: (op, b) => b.add(SoftMax, [op.input(0)], { axis: op.input(0).shape.length - 1 }),
  LogSoftmax: (op, b) => b.add(LogSoftmax, [op.input(0)], { axis: op.input(0).shape.length - 1 }),
  ClipByValue: (op, b) => b.add(Minimum, [b.add(Maximum, [op.input(0), op.input(1)]), op.input(2)]),
  Reciprocal: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
  Inv: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
};
