import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { DFT, IDFT, IRDFT, RDFT } from '../../ov/ops/signal.ts';
import { convert } from '../../ov/shorthand.ts';
import { partTypeOf } from '../../tf/data-type.ts';
import { type ComplexValue, isComplex } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { atan2 } from './arithmetic.ts';
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

const toSpectrum =
  (dimensions: number): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axes = b.i64(...axesOf(op, x, dimensions));
    const spectrum = b.add(RDFT, [convert(b, x, 'f32'), axes, convert(b, op.input(1), 'i64')]);
    return fromPairs(b, convert(b, spectrum, x.type));
  };

const fromSpectrum =
  (dimensions: number): Translator =>
  (op, b) => {
    const x = op.complex(0);
    const axes = axesOf(op, x.real, dimensions);
    const lengths = convert(b, op.input(1), 'i64');
    const partOf = (...indices: readonly number[]): readonly Value[] => [
      b.i64(...indices.map(i => axes[i]!)),
      b.add(Gather, [lengths, b.i64(...indices), b.scalar('i64', 0)]),
    ];
    // OpenVINO's IRDFT of three axes is wrong, so it transforms only the last one.
    const outer = axes.slice(1).map((_, i) => i);
    return inSingle(b, x, pairs => {
      const rows = outer.length === 0 ? pairs : b.add(IDFT, [pairs, ...partOf(...outer)]);
      return b.add(IRDFT, [rows, ...partOf(dimensions - 1)]);
    });
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
