import { dimMul } from '../../tensor/dim.ts';
import { isInteger, isReal } from '../../tensor/element-type.ts';
import { boolean, elementType, number, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { mapTensor, zipTensors } from './kernels.ts';
import { misfit, sameAs } from './rules.ts';

/** Ops of one value whose elements stand each for itself. */

const unary = (type: string, f: (x: number) => number, opset = 'opset1') =>
  defineOp({
    type,
    opset,
    attributes: {},
    infer: sameAs(0),
    evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, f)],
  });

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => (x > 20 ? x : Math.log1p(Math.exp(x)));
const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** Rounds half to even, as TensorFlow's Round and Rint do. */
export const roundHalfToEven = (x: number): number => {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
};

export const Abs = unary('Abs', Math.abs);
export const Acos = unary('Acos', Math.acos);
export const Acosh = unary('Acosh', Math.acosh, 'opset4');
export const Asin = unary('Asin', Math.asin);
export const Asinh = unary('Asinh', Math.asinh, 'opset4');
export const Atan = unary('Atan', Math.atan);
export const Atanh = unary('Atanh', Math.atanh, 'opset4');
export const Ceiling = unary('Ceiling', Math.ceil);
export const Cos = unary('Cos', Math.cos);
export const Cosh = unary('Cosh', Math.cosh);
export const Exp = unary('Exp', Math.exp);
export const Floor = unary('Floor', Math.floor);
export const HSigmoid = unary('HSigmoid', x => clamp(x + 3, 0, 6) / 6, 'opset5');
export const HSwish = unary('HSwish', x => (x * clamp(x + 3, 0, 6)) / 6, 'opset4');
export const Log = unary('Log', Math.log);
export const Mish = unary('Mish', x => x * Math.tanh(softplus(x)), 'opset4');
export const Relu = unary('ReLU', x => Math.max(x, 0));
export const Sigmoid = unary('Sigmoid', sigmoid);
export const Sign = unary('Sign', Math.sign);
export const Sin = unary('Sin', Math.sin);
export const Sinh = unary('Sinh', Math.sinh);
export const SoftPlus = unary('SoftPlus', softplus, 'opset4');
export const SoftSign = unary('SoftSign', x => x / (1 + Math.abs(x)), 'opset9');
export const Sqrt = unary('Sqrt', Math.sqrt);
export const Tan = unary('Tan', Math.tan);
export const Tanh = unary('Tanh', Math.tanh);

export const Negative = defineOp({
  type: 'Negative',
  opset: 'opset1',
  attributes: {},
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => -v)],
  contents: ([x]) => x!.contents?.map(size => dimMul(size, -1)),
});

/** The error function; its constants are folded nowhere, so it needs no evaluation. */
export const Erf = defineOp({ type: 'Erf', opset: 'opset1', attributes: {}, infer: sameAs(0) });

export const LogicalNot = defineOp({
  type: 'LogicalNot',
  opset: 'opset1',
  attributes: {},
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => (v === 0 ? 1 : 0))],
});

const predicate = (type: string, f: (x: number) => boolean) =>
  defineOp({
    type,
    opset: 'opset10',
    attributes: {},
    infer: ([x]) => [{ type: 'boolean', shape: x!.shape }],
    evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => (f(v) ? 1 : 0))],
  });

export const IsFinite = predicate('IsFinite', Number.isFinite);
export const IsNan = predicate('IsNaN', Number.isNaN);
export const IsInf = defineOp({
  type: 'IsInf',
  opset: 'opset10',
  attributes: { detect_negative: boolean(true), detect_positive: boolean(true) },
  infer: ([x]) => [{ type: 'boolean', shape: x!.shape }],
});

export const Round = defineOp({
  type: 'Round',
  opset: 'opset5',
  attributes: { mode: word(['half_to_even', 'half_away_from_zero'])('half_to_even') },
  infer: sameAs(0),
  evaluate: ([x], { mode }, [out]) => {
    const away = (v: number): number => Math.sign(v) * Math.floor(Math.abs(v) + 0.5);
    return [mapTensor(x!, out!, mode === 'half_to_even' ? roundHalfToEven : away)];
  },
});

export const Clamp = defineOp({
  type: 'Clamp',
  opset: 'opset1',
  attributes: { min: number(), max: number() },
  infer: sameAs(0),
  evaluate: ([x], { min, max }, [out]) => [mapTensor(x!, out!, v => clamp(v, min, max))],
});

export const Elu = defineOp({
  type: 'Elu',
  opset: 'opset1',
  attributes: { alpha: number(1) },
  infer: sameAs(0),
  evaluate: ([x], { alpha }, [out]) => [mapTensor(x!, out!, v => (v < 0 ? alpha * Math.expm1(v) : v))],
});

/** x * sigmoid(x). */
export const Swish = defineOp({
  type: 'Swish',
  opset: 'opset4',
  attributes: {},
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => v * sigmoid(v))],
  evaluates: inputs => inputs.length === 1,
});

export const Gelu = defineOp({
  type: 'Gelu',
  opset: 'opset7',
  attributes: { approximation_mode: word(['ERF', 'TANH'])('ERF') },
  infer: sameAs(0),
});

export const Selu = defineOp({ type: 'Selu', opset: 'opset1', attributes: {}, infer: sameAs(0) });

/** Negative elements times a slope of one element, one per channel (axis 1), or one per element. */
export const PRelu = defineOp({
  type: 'PReLU',
  opset: 'opset1',
  attributes: {},
  infer: inputs => {
    if (inputs.length !== 2) throw misfit('PRelu needs data and slope');
    return sameAs(0)(inputs);
  },
});

/**
 * Another element type. Reals become integers by truncation, as TensorFlow casts. `decompression` marks weights that
 * are stored smaller than they are used: OpenVINO then keeps them small as long as it can, and so does this builder.
 */
export const Convert = defineOp({
  type: 'Convert',
  opset: 'opset1',
  attributes: { destination_type: elementType(), decompression: boolean(false) },
  infer: ([x], { destination_type }) => [{ type: destination_type, shape: x!.shape }],
  evaluate: ([x], _attrs, [out]) => [
    mapTensor(x!, out!, isReal(x!.type) && isInteger(out!.type) ? Math.trunc : v => v),
  ],
  evaluates: (_inputs, { decompression }) => !decompression,
  contents: ([x], _attrs, { type }) => (isInteger(type) && x!.type !== 'f32' ? x!.contents : undefined),
});

/** `input` with the type of `like`. */
export const ConvertLike = defineOp({
  type: 'ConvertLike',
  opset: 'opset1',
  attributes: {},
  infer: ([x, like]) => [{ type: like!.type, shape: x!.shape }],
  evaluate: ([x, like], _attrs, [out]) => [zipTensors(x!, like!, out!, v => v)],
});

/** The ops of this file that a transpose passes through. */
export const ELEMENTWISE = [
  Abs,
  Acos,
  Acosh,
  Asin,
  Asinh,
  Atan,
  Atanh,
  Ceiling,
  Clamp,
  Convert,
  Cos,
  Cosh,
  Elu,
  Erf,
  Exp,
  Floor,
  Gelu,
  HSigmoid,
  HSwish,
  IsFinite,
  IsInf,
  IsNan,
  Log,
  LogicalNot,
  Mish,
  Negative,
  Relu,
  Round,
  Selu,
  Sigmoid,
  Sign,
  Sin,
  Sinh,
  SoftPlus,
  SoftSign,
  Sqrt,
  Swish,
  Tan,
  Tanh,
] as const;
