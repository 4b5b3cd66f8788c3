/** Along height and width: [2, 1] leaves every second row, and all columns. */
export type Steps = readonly [number, number];

export const ALL: Steps = [1, 1];

export const isAll = ([rows, columns]: Steps): boolean => rows === 1 && columns === 1;

export const multiplied = (a: Steps, b: Steps): Steps => [a[0] * b[0], a[1] * b[1]];

export const divided = (a: Steps, b: Steps): Steps => [a[0] / b[0], a[1] / b[1]];

/** The largest steps that leave the positions of both. */
export const common = (a: Steps, b: Steps): Steps => [gcd(a[0], b[0]), gcd(a[1], b[1])];

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
