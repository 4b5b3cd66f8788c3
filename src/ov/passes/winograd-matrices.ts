/**
 * Matrices of the convolution of a tile with 3 taps along one axis: `output = sum * ((taps * filter) . (positions * tile))`,
 * where `.` multiplies element by element. A tile of 6 positions gives 4 outputs. See Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2015.
 */
export const OUTPUTS = 4;
export const TAPS = 3;
export const POSITIONS = OUTPUTS + TAPS - 1;

/** Positions after an axis, beyond the padding of the convolution, that make the last tile of any size whole. */
export const OVERHANG = OUTPUTS - 1;

/** The two polynomials are multiplied by their values at these points, and at infinity. Rounding errors are small for these. */
const POINTS = [0, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2];

export type Matrix = readonly (readonly number[])[];

const others = (point: number): readonly number[] => POINTS.filter(other => other !== point);

/** Coefficients of the polynomial with these roots, the constant term first, filled up with zeros. */
function polynomial(roots: readonly number[]): readonly number[] {
  const coefficients = roots.reduce<readonly number[]>(
    (terms, root) => [0, ...terms].map((term, i) => term - root * (terms[i] ?? 0)),
    [1],
  );
  return Array.from({ length: POSITIONS }, (_, i) => coefficients[i] ?? 0);
}

const atInfinity = (length: number): readonly number[] => Array.from({ length }, (_, i) => (i === length - 1 ? 1 : 0));

const powers = (point: number, length: number): readonly number[] => Array.from({ length }, (_, i) => point ** i);

const transposed = (matrix: Matrix): Matrix => matrix[0]!.map((_, i) => matrix.map(row => row[i]!));

/** [6, 6]: of the positions of a tile. */
export const OF_POSITIONS: Matrix = [...POINTS.map(point => polynomial(others(point))), polynomial(POINTS)];

/** [6, 3]: of the taps of a filter. */
export const OF_TAPS: Matrix = [
  ...POINTS.map(point => {
    const scale = others(point).reduce((product, other) => product * (point - other), 1);
    return powers(point, TAPS).map(power => power / scale);
  }),
  atInfinity(TAPS),
];

/** [4, 6]: of the products, which are summed for each output. */
export const OF_PRODUCTS: Matrix = transposed([...POINTS.map(point => powers(point, OUTPUTS)), atInfinity(OUTPUTS)]);

/** The Kronecker product of a matrix with itself: the same on two axes, the last of which varies slowest. */
export const onBothAxes = (matrix: Matrix): Matrix =>
  matrix.flatMap(outer => matrix.map(inner => outer.flatMap(factor => inner.map(other => factor * other))));
