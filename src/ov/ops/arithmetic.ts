import { dimAdd, dimFloorDiv, dimMax, dimMin, dimMul, dimSub, dimTruncDiv } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import { boolean, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { generate, mapTensor, zipTensors } from './support/evaluate.ts';
import { sameAs } from './support/infer.ts';
import {
  binary,
  broadcasting,
  inferBinary,
  type OfTwo,
  roundHalfToEven,
  unary,
  zipPartialValues,
} from './support/elementwise.ts';

const floorMod: OfTwo = (x, y) => x - Math.floor(x / y) * y;

export const Add = binary('Add', { real: (x, y) => x + y, sizes: dimAdd });

export const Subtract = binary('Subtract', { real: (x, y) => x - y, sizes: dimSub });

export const Multiply = binary('Multiply', {
  real: (x, y) => x * y,
  scaleRow: (x, factor, result, from, to) => {
    for (let i = from; i < to; i++) result[i] = x[i]! * factor;
  },
  sizes: dimMul,
});

export const Maximum = binary('Maximum', { real: Math.max, sizes: dimMax });

export const Minimum = binary('Minimum', { real: Math.min, sizes: dimMin });

export const Power = binary('Power', { real: Math.pow });

export const SquaredDifference = binary('SquaredDifference', { real: (x, y) => (x - y) ** 2 });

export const Mod = binary('Mod', { real: (x, y) => x % y });

export const FloorMod = binary('FloorMod', {
  real: floorMod,
  sizes: (a, b) => dimSub(a, dimMul(dimFloorDiv(a, b), b)),
});

/** Integer division rounds towards minus infinity with `m_pythondiv`, and towards zero without. */
export const Divide = defineOp({
  type: 'Divide',
  opset: 'opset1',
  arity: 2,
  attributes: { ...broadcasting, m_pythondiv: boolean(true) },
  traits: { elementwise: true, broadcast: 'common' },
  infer: inputs => inferBinary('Divide', inputs),
  evaluate: ([a, b], { m_pythondiv }, [out]) => {
    const integer = m_pythondiv ? Math.floor : Math.trunc;
    return [zipTensors(a!, b!, out!, isReal(a!.type) ? (x, y) => x / y : (x, y) => integer(x / y))];
  },
  partialValue: (inputs, { m_pythondiv }, out) =>
    zipPartialValues(inputs, out, m_pythondiv ? dimFloorDiv : dimTruncDiv),
});

export const CumSum = defineOp({
  type: 'CumSum',
  opset: 'opset3',
  arity: 2,
  attributes: { exclusive: boolean(false), reverse: boolean(false) },
  traits: { axes: { input: 1 } },
  infer: sameAs(0),
  evaluate: ([x], { exclusive, reverse }, [out]) => {
    const numbers = numbersOf(x!);
    const count = sizeOf(x!.shape);
    const sums = new Float64Array(count);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const i = reverse ? count - 1 - k : k;
      if (exclusive) sums[i] = sum;
      sum += numbers[i]!;
      if (!exclusive) sums[i] = sum;
    }
    return [generate(out!, i => sums[i]!)];
  },
  canEvaluate: ([x]) => x!.shape.length === 1,
});

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

export const Floor = unary('Floor', Math.floor);

export const Log = unary('Log', Math.log);

export const Sign = unary('Sign', Math.sign);

export const Sin = unary('Sin', Math.sin);

export const Sinh = unary('Sinh', Math.sinh);

export const Sqrt = unary('Sqrt', Math.sqrt);

export const Tan = unary('Tan', Math.tan);

export const Tanh = unary('Tanh', Math.tanh);

export const Negative = defineOp({
  type: 'Negative',
  opset: 'opset1',
  arity: 1,
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => -v)],
  partialValue: ([x]) => x!.partialValue?.map(size => dimMul(size, -1)),
});

export const Erf = defineOp({
  type: 'Erf',
  opset: 'opset1',
  arity: 1,
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
});

export const Round = defineOp({
  type: 'Round',
  opset: 'opset5',
  arity: 1,
  attributes: { mode: word(['half_to_even', 'half_away_from_zero'])('half_to_even') },
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], { mode }, [out]) => {
    const away = (v: number): number => Math.sign(v) * Math.floor(Math.abs(v) + 0.5);
    return [mapTensor(x!, out!, mode === 'half_to_even' ? roundHalfToEven : away)];
  },
});
