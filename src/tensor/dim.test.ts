import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Dim,
  dimAdd,
  dimBroadcast,
  dimCeilDiv,
  dimEquals,
  dimFloorDiv,
  dimMax,
  dimMin,
  dimMul,
  dimProduct,
  dimSub,
  dimTruncDiv,
  formatShape,
  freshDim,
  isStatic,
  shapeEquals,
  symbol,
} from './dim.ts';
import { parseDim } from './parse-dim.ts';

interface Made {
  readonly dim: Dim;
  readonly at: (sizes: Sizes) => number;
}

type Sizes = Readonly<Record<string, number>>;

const NAMES = ['h', 'w', 'image.1'];

const sizes = fc.record(Object.fromEntries(NAMES.map(name => [name, fc.integer({ min: 1, max: 50 })])));

const two =
  (make: (a: Dim, b: Dim) => Dim, at: (a: number, b: number) => number) =>
  ([a, b]: readonly [Made, Made]): Made => ({ dim: make(a.dim, b.dim), at: s => at(a.at(s), b.at(s)) });

const by = (
  make: (a: Dim, b: number) => Dim,
  round: (quotient: number) => number,
): ((given: readonly [Made, number]) => Made) => {
  return ([a, divisor]) => ({ dim: make(a.dim, divisor), at: s => round(a.at(s) / divisor) });
};

const { made } = fc.letrec<{ made: Made }>(tie => ({
  made: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: -20, max: 20 }).map((value): Made => ({ dim: value, at: () => value })),
    fc.constantFrom(...NAMES).map((name): Made => ({ dim: symbol(name), at: s => s[name]! })),
    fc.tuple(tie('made'), tie('made')).map(two(dimAdd, (a, b) => a + b)),
    fc.tuple(tie('made'), tie('made')).map(two(dimSub, (a, b) => a - b)),
    fc.tuple(tie('made'), tie('made')).map(two(dimMul, (a, b) => a * b)),
    fc.tuple(tie('made'), tie('made')).map(two(dimMin, Math.min)),
    fc.tuple(tie('made'), tie('made')).map(two(dimMax, Math.max)),
    fc.tuple(tie('made'), fc.constantFrom(1, 2, 3, 7, -2)).map(by(dimFloorDiv, Math.floor)),
    fc.tuple(tie('made'), fc.constantFrom(1, 2, 3, 7)).map(by(dimCeilDiv, Math.ceil)),
    fc.tuple(tie('made'), fc.constantFrom(1, 2, 3, 7, -2)).map(by(dimTruncDiv, Math.trunc)),
  ),
}));

const valueOf = (dim: Dim, at: Sizes): Dim => parseDim(String(dim), name => at[name] ?? symbol(name));

describe('symbolic dimensions', () => {
  it('evaluate like the expression they were made from', () => {
    fc.assert(
      fc.property(made, sizes, ({ dim, at }, s) => {
        const expected = at(s);
        fc.pre(Math.abs(expected) < 2 ** 40);
        expect(valueOf(dim, s)).toBeCloseTo(expected, 0);
      }),
      { numRuns: 500 },
    );
  });

  it('round-trip through text', () => {
    fc.assert(
      fc.property(made, ({ dim }) => {
        const again = parseDim(String(dim));
        expect(String(again)).toBe(String(dim));
        expect(dimSub(again, dim)).toBe(0);
      }),
    );
  });

  it('obey the ring laws', () => {
    fc.assert(
      fc.property(made, made, made, (a, b, c) => {
        const x = a.dim;
        const y = b.dim;
        const z = c.dim;
        expect(dimEquals(dimAdd(x, y), dimAdd(y, x))).toBe(true);
        expect(dimEquals(dimMul(x, y), dimMul(y, x))).toBe(true);
        expect(dimEquals(dimAdd(dimAdd(x, y), z), dimAdd(x, dimAdd(y, z)))).toBe(true);
        expect(dimEquals(dimMul(x, dimAdd(y, z)), dimAdd(dimMul(x, y), dimMul(x, z)))).toBe(true);
        expect(dimSub(x, x)).toBe(0);
        expect(dimEquals(dimMin(x, y), dimMin(y, x))).toBe(true);
        expect(dimEquals(dimAdd(dimMin(x, y), 0), dimMin(x, y))).toBe(true);
      }),
    );
  });

  it('become numbers if no symbol remains', () => {
    const h = symbol('h');
    expect(dimAdd(h, dimSub(640, h))).toBe(640);
    expect(dimMul(h, 0)).toBe(0);
    expect(dimFloorDiv(dimMul(h, 6), dimMul(h, 2))).toBe(3);
    expect(dimFloorDiv(h, h)).toBe(1);
    expect(dimMax(dimAdd(h, 2), h)).toEqual(dimAdd(h, 2));
    expect(dimProduct([2, 3, 4])).toBe(24);
  });

  it('divide exactly if possible', () => {
    const h = symbol('h');
    const w = symbol('w');
    expect(String(dimFloorDiv(dimMul(dimMul(h, w), 6), dimMul(w, 3)))).toBe('2*h');
    expect(String(dimFloorDiv(dimAdd(dimMul(h, 4), 8), 4))).toBe('h+2');
    expect(String(dimFloorDiv(dimAdd(h, 1), 2))).toBe('floordiv(h+1;2)');
    expect(String(dimFloorDiv(dimMul(h, h), w))).toBe('floordiv(h·h;w)');
    expect(dimEquals(dimFloorDiv(dimAdd(h, 1), 2), dimCeilDiv(h, 2))).toBe(true);
  });

  it('round down in truncating division if named, and so not negative', () => {
    expect(String(dimTruncDiv(symbol('h'), 2))).toBe('floordiv(h;2)');
    expect(String(dimTruncDiv(dimSub(symbol('h'), 1), 2))).toBe('truncdiv(h-1;2)');
    expect(String(dimTruncDiv(symbol('?1'), 2))).toBe('truncdiv(?1;2)');
    expect(dimTruncDiv(-7, 2)).toBe(-3);
  });

  it('divide by zero to a fresh dimension', () => {
    expect(typeof dimFloorDiv(4, 0)).toBe('object');
    expect(typeof dimFloorDiv(symbol('h'), 0)).toBe('object');
  });

  it('broadcast like NumPy', () => {
    const h = symbol('h');
    const w = symbol('w');
    expect(dimBroadcast(1, h)).toBe(h);
    expect(dimBroadcast(h, 1)).toBe(h);
    expect(dimBroadcast(h, 3)).toBe(3);
    expect(dimBroadcast(2, 3)).toBeUndefined();
    expect(dimEquals(dimBroadcast(h, w)!, dimBroadcast(w, h)!)).toBe(true);
  });

  it('are unknown beyond a number of terms, and of characters', () => {
    const sums = Array.from({ length: 40 }, (_, i) => dimAdd(symbol(`a${i}`), symbol(`b${i}`)));
    expect(String(dimProduct(sums)).length).toBeLessThan(10_000);
    const nested = Array.from({ length: 60 }).reduce<Dim>((dim, _, i) => dimMax(dim, dimMin(dim, i)), symbol('h'));
    expect(String(nested).length).toBeLessThan(10_000);
    const power = Array.from({ length: 2000 }).reduce<Dim>(dim => dimMul(dim, dim), symbol('h'));
    expect(String(power).length).toBeLessThan(10_000);
  });

  it('are unique without a name', () => {
    expect(dimEquals(freshDim(), freshDim())).toBe(false);
    const fresh = freshDim();
    expect(dimSub(fresh, fresh)).toBe(0);
  });
});

it('compares and formats shapes', () => {
  const h = symbol('h');
  expect(shapeEquals([1, h], [1, symbol('h')])).toBe(true);
  expect(shapeEquals([1, h], [1, symbol('w')])).toBe(false);
  expect(shapeEquals([1], [1, 1])).toBe(false);
  expect(isStatic([1, 2])).toBe(true);
  expect(isStatic([1, h])).toBe(false);
  expect(formatShape([1, h, 3])).toBe('[1,?,3]');
});
