import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import { Maximum } from '../../ov/ops/arithmetic.ts';
import { Equal } from '../../ov/ops/comparison.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { DFT, IDFT, IRDFT, RDFT } from '../../ov/ops/signal.ts';
import { FAR, Slice } from '../../ov/ops/slice.ts';
import { checkIntegers, checkRankOf } from '../../ov/ops/support/infer.ts';
import { convert } from '../../ov/shorthand.ts';
import { isStaticDim } from '../../tensor/dim.ts';
import { partTypeOf } from '../../tf/data-type.ts';
import { type ComplexValue, isComplex } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { atan2 } from './rare/arithmetic.ts';
import { absolute, complexOf, conjugate, fromPairs, toPairs } from './support/complex-numbers.ts';

/** The last axes of the signal, one per dimension of the transform. */
function axesOf(op: TfOp, { shape }: Value, dimensions: number): readonly number[] {
  if (shape.length >= dimensions) return Array.from({ length: dimensions }, (_, i) => shape.length - dimensions + i);
  throw new DecantError('malformed', `${op.type} needs at least ${dimensions} dimensions`);
}

/** Applies `f` to numbers in f32, as OpenVINO transforms no f64, and returns its result in their type. */
const inSingle = (b: Builder, { real, imaginary }: ComplexValue, f: (pairs: Value) => Value): Value =>
  convert(b, f(toPairs(b, { real: convert(b, real, 'f32'), imaginary: convert(b, imaginary, 'f32') })), real.type);

const complexTransform =
  (transform: Op<(typeof DFT)['attributes']>, dimensions: number): Translator =>
  (op, b) => {
    const x = op.complex(0);
    const axes = b.i64(...axesOf(op, x.real, dimensions));
    return fromPairs(
      b,
      inSingle(b, x, pairs => b.add(transform, [pairs, axes])),
    );
  };

/**
 * Transforms axes of `x` to the lengths at input 1 of `op`. OpenVINO's CPU plugin divides by a length of 0, so it gets 1, and
 * the result is cut. It does not compile a transform of known sizes to unknown ones, so the data is cut, too.
 *
 * @throws DecantError `malformed` if the lengths are not one per axis, or negative
 */
function toLengths(
  op: TfOp,
  b: Builder,
  x: Value,
  axes: readonly number[],
  transform: (x: Value, lengths: Value) => Value,
): Value {
  const lengths = convert(b, op.input(1), 'i64');
  checkRankOf(`the FFT length of ${op.type}`, lengths, 1);
  const known = lengths.partialValue?.filter(isStaticDim) ?? [];
  checkIntegers(`the FFT length of ${op.type}`, known, known.length, 0);
  if (known.length === axes.length && !known.includes(0)) return transform(x, lengths);
  const everywhere = (value: number): Value => b.i64(...axes.map(() => value));
  const cut = (signal: Value, ends: Value): Value =>
    b.add(Slice, [signal, everywhere(0), ends, everywhere(1), b.i64(...axes)]);
  const least = b.add(Maximum, [lengths, b.scalar('i64', 1)]);
  const isNothing = b.add(Equal, [lengths, b.scalar('i64', 0)]);
  const ends = b.add(Select, [isNothing, b.scalar('i64', 0), b.scalar('i64', FAR)]);
  return cut(transform(cut(x, least), least), ends);
}

const toSpectrum =
  (dimensions: number): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axes = axesOf(op, x, dimensions);
    const spectrum = toLengths(op, b, convert(b, x, 'f32'), axes, (signal, lengths) =>
      b.add(RDFT, [signal, b.i64(...axes), lengths]),
    );
    return fromPairs(b, convert(b, spectrum, x.type));
  };

const fromSpectrum =
  (dimensions: number): Translator =>
  (op, b) => {
    const x = op.complex(0);
    const axes = axesOf(op, x.real, dimensions);
    // OpenVINO's IRDFT of three axes is wrong, so it transforms only the last one.
    const outer = axes.slice(1).map((_, i) => i);
    return inSingle(b, x, pairs =>
      toLengths(op, b, pairs, axes, (spectrum, lengths) => {
        const partOf = (...indices: readonly number[]): readonly Value[] => [
          b.i64(...indices.map(i => axes[i]!)),
          b.add(Gather, [lengths, b.i64(...indices), b.scalar('i64', 0)]),
        ];
        const rows = outer.length === 0 ? spectrum : b.add(IDFT, [spectrum, ...partOf(...outer)]);
        return b.add(IRDFT, [rows, ...partOf(dimensions - 1)]);
      }),
    );
  };

export const signal: Translators = {
  FFT: complexTransform(DFT, 1),
  FFT2D: complexTransform(DFT, 2),
  FFT3D: complexTransform(DFT, 3),
  IFFT: complexTransform(IDFT, 1),
  IFFT2D: complexTransform(IDFT, 2),
  IFFT3D: complexTransform(IDFT, 3),
  RFFT: toSpectrum(1),
  RFFT2D: toSpectrum(2),
  RFFT3D: toSpectrum(3),
  IRFFT: fromSpectrum(1),
  IRFFT2D: fromSpectrum(2),
  IRFFT3D: fromSpectrum(3),
  Complex: (op, b) => {
    const part = partTypeOf(op.dtype('Tout', 'DT_COMPLEX64')) ?? 'f32';
    return complexOf(b, convert(b, op.input(0), part), convert(b, op.input(1), part));
  },
  Real: op => op.complex(0).real,
  Imag: op => op.complex(0).imaginary,
  Conj: (op, b) => {
    const x = op.operand(0);
    return isComplex(x) ? conjugate(b, x) : x;
  },
  ComplexAbs: (op, b) => absolute(b, op.complex(0)),
  Angle: (op, b) => {
    const { real, imaginary } = op.complex(0);
    return atan2(b, imaginary, real);
  },
};
