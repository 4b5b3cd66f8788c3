import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Exp } from '../../../ov/ops/activation.ts';
import { Add, Divide, Maximum, Multiply, Sign, Sin, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';

/** How a pixel at a distance from the sampled position is weighted, and the distance from which it is not. */
export interface Kernel {
  readonly radius: number;
  weightAt(b: Builder, distance: Value): Value;
}

const numberOf = (b: Builder, value: number): Value => b.scalar('f32', value);

const within = (b: Builder, x: Value, radius: number, weight: Value, beyond = numberOf(b, 0)): Value =>
  b.add(Select, [b.add(Less, [x, numberOf(b, radius)]), weight, beyond]);

/** Closer to the center than this, a windowed sinc is 1. */
const CENTER = 1e-3;

const lanczos = (radius: number): Kernel => ({
  radius,
  weightAt: (b, x) => {
    const sine = (factor: number): Value => b.add(Sin, [b.add(Multiply, [x, numberOf(b, factor)])]);
    const product = b.add(Multiply, [numberOf(b, radius), b.add(Multiply, [sine(Math.PI), sine(Math.PI / radius)])]);
    const square = b.add(Multiply, [numberOf(b, Math.PI ** 2), b.add(Multiply, [x, x])]);
    const isCenter = b.add(LessEqual, [x, numberOf(b, CENTER)]);
    const one = numberOf(b, 1);
    const weight = b.add(Divide, [product, b.add(Select, [isCenter, one, square])]);
    const isOutside = b.add(Less, [numberOf(b, radius), x]);
    return b.add(Select, [isCenter, one, b.add(Select, [isOutside, numberOf(b, 0), weight])]);
  },
});

/** The polynomial with these coefficients, highest power first. */
const polynomial = (b: Builder, x: Value, [first, ...rest]: readonly number[]): Value =>
  rest.reduce(
    (sum, coefficient) => b.add(Add, [b.add(Multiply, [sum, x]), numberOf(b, coefficient)]),
    numberOf(b, first!),
  );

const cubic = (near: readonly number[], far: readonly number[]): Kernel => ({
  radius: 2,
  weightAt: (b, x) => within(b, x, 1, polynomial(b, x, near), within(b, x, 2, polynomial(b, x, far))),
});

export const KERNELS: Readonly<Record<string, Kernel>> = {
  lanczos1: lanczos(1),
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: {
    radius: 1.5,
    weightAt: (b, x) => within(b, x, 1.5, b.add(Exp, [b.add(Multiply, [b.add(Multiply, [x, x]), numberOf(b, -2)])])),
  },
  /** A half at its edge. */
  box: {
    radius: 0.5,
    weightAt: (b, x) => {
      const side = b.add(Sign, [b.add(Subtract, [numberOf(b, 0.5), x])]);
      return b.add(Multiply, [b.add(Add, [side, numberOf(b, 1)]), numberOf(b, 0.5)]);
    },
  },
  triangle: {
    radius: 1,
    weightAt: (b, x) => b.add(Maximum, [b.add(Subtract, [numberOf(b, 1), x]), numberOf(b, 0)]),
  },
  keyscubic: cubic([1.5, -2.5, 0, 1], [-0.5, 2.5, -4, 2]),
  mitchellcubic: cubic([7 / 6, -2, 0, 8 / 9], [-7 / 18, 2, -10 / 3, 16 / 9]),
};
