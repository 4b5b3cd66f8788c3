import { number, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { mapTensor } from './support/evaluate.ts';
import { axisOf, sameAs } from './support/infer.ts';
import { clamp, sigmoid, unary } from './support/elementwise.ts';

const softmax = (type: string, opset: string) =>
  defineOp({
    type,
    opset,
    arity: 1,
    attributes: { axis: number(1) },
    traits: { axes: { attribute: 'axis' } },
    infer: ([x], { axis }) => {
      axisOf(axis, x!.shape.length);
      return [{ type: x!.type, shape: x!.shape }];
    },
  });

export const SoftMax = softmax('SoftMax', 'opset8');

export const LogSoftmax = softmax('LogSoftmax', 'opset5');

const softplus = (x: number): number => (x > 20 ? x : Math.log1p(Math.exp(x)));

export const Exp = unary('Exp', Math.exp);

export const HSigmoid = unary('HSigmoid', x => clamp(x + 3, 0, 6) / 6, 'opset5');

export const HSwish = unary('HSwish', x => (x * clamp(x + 3, 0, 6)) / 6, 'opset4');

export const Mish = unary('Mish', x => x * Math.tanh(softplus(x)), 'opset4');

export const Relu = unary('ReLU', x => Math.max(x, 0));

export const Sigmoid = unary('Sigmoid', sigmoid);

export const SoftPlus = unary('SoftPlus', softplus, 'opset4');

export const SoftSign = unary('SoftSign', x => x / (1 + Math.abs(x)), 'opset9');

export const Clamp = defineOp({
  type: 'Clamp',
  opset: 'opset1',
  arity: 1,
  attributes: { min: number(), max: number() },
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], { min, max }, [out]) => [mapTensor(x!, out!, v => clamp(v, min, max))],
});

export const Elu = defineOp({
  type: 'Elu',
  opset: 'opset1',
  arity: 1,
  attributes: { alpha: number(1) },
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], { alpha }, [out]) => [mapTensor(x!, out!, v => (v < 0 ? alpha * Math.expm1(v) : v))],
});

/** x * sigmoid(beta * x). Inputs: data and, optionally, beta (1 by default). */
export const Swish = defineOp({
  type: 'Swish',
  opset: 'opset4',
  arity: [1, 2],
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => v * sigmoid(v))],
  canEvaluate: inputs => inputs.length === 1,
});

export const Gelu = defineOp({
  type: 'Gelu',
  opset: 'opset7',
  arity: 1,
  attributes: { approximation_mode: word(['ERF', 'TANH'])('ERF') },
  traits: { elementwise: true },
  infer: sameAs(0),
});

/** Inputs: data, alpha, lambda. */
export const Selu = defineOp({
  type: 'Selu',
  opset: 'opset1',
  arity: 3,
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
});

/** One slope for all negative elements, per channel (axis 1), or per element. Inputs: data, slope. */
export const PRelu = defineOp({
  type: 'PReLU',
  opset: 'opset1',
  arity: 2,
  attributes: {},
  infer: sameAs(0),
});
