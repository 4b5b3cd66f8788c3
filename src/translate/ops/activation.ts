import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Maximum, Minimum, Multiply, Tanh } from '../../ov/ops/arithmetic.ts';
import {
  Clamp,
  Elu,
  Exp,
  Gelu,
  LogSoftmax,
  Mish,
  PRelu,
  Relu,
  Selu,
  Sigmoid,
  SoftMax,
  SoftPlus,
  SoftSign,
  Swish,
} from '../../ov/ops/activation.ts';
import { constantLike, reshape } from '../../ov/shorthand.ts';
import { toChannelsFirst, toChannelsLast } from '../channel-order.ts';
import type { TfOp } from '../tf-op.ts';
import { unary } from './support/elementwise.ts';
import type { Translators } from '../translator.ts';

const relu6 = (b: Builder, x: Value): Value => b.add(Clamp, [x], { min: 0, max: 6 });

const leakyRelu = (b: Builder, x: Value, alpha: number): Value =>
  b.add(PRelu, [x, b.constant({ type: 'f32', shape: [1], data: Float32Array.of(alpha) })]);

function prelu(b: Builder, x: Value, alpha: Value): Value {
  const channels = alpha.shape[alpha.shape.length - 1];
  const perChannel = alpha.shape.slice(0, -1).every(dim => dim === 1) && typeof channels === 'number';
  if (perChannel && x.shape.length > 2) {
    return toChannelsLast(b, b.add(PRelu, [toChannelsFirst(b, x), reshape(b, alpha, channels)]));
  }
  if (perChannel && x.shape.length === 2) return b.add(PRelu, [x, reshape(b, alpha, channels)]);
  const zero = constantLike(b, x, 0);
  return b.add(Add, [b.add(Relu, [x]), b.add(Multiply, [alpha, b.add(Minimum, [x, zero])])]);
}

export function fusedActivation(b: Builder, name: string, x: Value, op: TfOp, args: Value[]): Value {
  switch (name) {
    case 'Relu':
      return b.add(Relu, [x]);
    case 'Relu6':
      return relu6(b, x);
    case 'Elu':
      return b.add(Elu, [x]);
    case 'Sigmoid':
      return b.add(Sigmoid, [x]);
    case 'Tanh':
      return b.add(Tanh, [x]);
    case 'LeakyRelu':
      return leakyRelu(b, x, op.float('leakyrelu_alpha', 0.2));
    case 'Prelu':
      return prelu(b, x, args.shift()!);
    default:
      throw new DecantError('unsupported', `${op.type} fused with ${name} is not supported`, {
        remedy: 'Export the model without graph optimization, so that the ops stay separate.',
      });
  }
}

export const activation: Translators = {
  Relu: unary(Relu),
  Relu6: (op, b) => relu6(b, op.input(0)),
  Elu: (op, b) => b.add(Elu, [op.input(0)]),
  Selu: (op, b) => {
    // alpha and scale of TensorFlow's kernel.
    const x = op.input(0);
    return b.add(Selu, [x, b.scalar(x.type, 1.6732632423543772), b.scalar(x.type, 1.0507009873554805)]);
  },
  LeakyRelu: (op, b) => leakyRelu(b, op.input(0), op.float('alpha', 0.2)),
  Prelu: (op, b) => prelu(b, op.input(0), op.input(1)),
  Sigmoid: unary(Sigmoid),
  Softplus: unary(SoftPlus),
  Softsign: unary(SoftSign),
  Swish: unary(Swish),
  Mish: unary(Mish),
  'Addons>Gelu': (op, b) =>
    b.add(Gelu, [op.input(0)], { approximation_mode: op.bool('approximate', true) ? 'TANH' : 'ERF' }),
  Softmax: (op, b) => b.add(SoftMax, [op.input(0)], { axis: op.input(0).shape.length - 1 }),
  LogSoftmax: (op, b) => b.add(LogSoftmax, [op.input(0)], { axis: op.input(0).shape.length - 1 }),
  ClipByValue: (op, b) => b.add(Maximum, [b.add(Minimum, [op.input(0), op.input(2)]), op.input(1)]),
  Exp: unary(Exp),
};
