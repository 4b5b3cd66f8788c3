import { DecantError } from '../errors.ts';

/**
 * A dimension. Symbolic dimensions are polynomials with integer coefficients over named symbols, in canonical form:
 * `h + (640 - h)` is the number 640, and equal dimensions compare equal.
 */
export type Dim = number | Sym;
/** The dimensions of a tensor, outermost first. */
export type Shape = readonly Dim[];

/** Coefficients by monomial: sorted symbol names joined by `*`, or '' for 1. */
type Terms = ReadonlyMap<string, number>;

export class Sym {
  readonly terms: Terms;
  /** Canonical text: equal dimensions have equal keys. */
  readonly key: string;

  constructor(terms: Terms, key = render(terms)) {
    this.terms = terms;
    this.key = key;
  }

  toString(): string {
    return this.key;
  }
}

/** More dimensions than any plugin of OpenVINO supports. */
const MAX_RANK = 64;

/**
 * Products of polynomials and nested functions grow exponentially. Beyond these limits a size is simply unknown: the sizes
 * of detectors have a few dozen terms.
 */
const MAX_TERMS = 128;
const MAX_PRODUCTS = 1024;
const MAX_KEY_CHARS = 4096;

let freshCount = 0;

export const symbol = (name: string): Sym => new Sym(new Map([[name, 1]]), name);

/** The bounds are inclusive, and become part of the name. */
export const between = (name: string, min: number, max: number): Sym =>
  symbol(`${name}:${min === 0 ? '' : min}..${max === Infinity ? '' : max}`);

export const boundsOf = (dim: Sym): string | undefined => /^[^*+;()]+:(\d*\.\.\d*)$/.exec(dim.key)?.[1];

export const freshDim = (): Sym => symbol(`?${++freshCount}`);

export const isStaticDim = (dim: Dim): dim is number => typeof dim === 'number';
export const isStatic = (shape: Shape): shape is readonly number[] => shape.every(isStaticDim);

/** @throws DecantError `limit` if a shape of `rank` dimensions is absurd */
export function checkRank(what: string, rank: number): void {
  if (rank > MAX_RANK) throw new DecantError('limit', `${what} would have ${rank} dimensions, more than ${MAX_RANK}`);
}

export const dimEquals = (a: Dim, b: Dim): boolean =>
  a === b || (typeof a !== 'number' && typeof b !== 'number' && a.key === b.key);

export const shapeEquals = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => dimEquals(dim, b[i]!));

export const dimAdd = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const sum = new Map(termsOf(a));
  for (const [monomial, coefficient] of termsOf(b)) sum.set(monomial, (sum.get(monomial) ?? 0) + coefficient);
  return normalize(sum);
};

export const dimMul = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (termsOf(a).size * termsOf(b).size > MAX_PRODUCTS) return freshDim();
  const product = new Map<string, number>();
  for (const [left, x] of termsOf(a)) {
    for (const [right, y] of termsOf(b)) {
      const monomial = [...splitMonomial(left), ...splitMonomial(right)].sort().join('*');
      product.set(monomial, (product.get(monomial) ?? 0) + x * y);
    }
  }
  return normalize(product);
};

export const dimSub = (a: Dim, b: Dim): Dim => dimAdd(a, dimMul(b, -1));

/** Floor division: exact if every coefficient divides, else opaque. */
export const dimFloorDiv = (a: Dim, b: Dim): Dim => divide('floordiv', Math.floor, a, b);

/** Division rounded toward zero; floor division if neither can be negative. */
export const dimTruncDiv = (a: Dim, b: Dim): Dim =>
  isNonNegative(a) && isNonNegative(b) ? dimFloorDiv(a, b) : divide('truncdiv', Math.trunc, a, b);

export const dimCeilDiv = (a: Dim, b: number): Dim => dimFloorDiv(dimAdd(a, b - 1), b);

export const dimMin = (a: Dim, b: Dim): Dim => extreme('min', Math.min, a, b);
export const dimMax = (a: Dim, b: Dim): Dim => extreme('max', Math.max, a, b);

export const dimBroadcast = (a: Dim, b: Dim): Dim | undefined => {
  if (dimEquals(a, b) || b === 1) return a;
  if (a === 1) return b;
  if (typeof a === 'number') return typeof b === 'number' ? undefined : a;
  if (typeof b === 'number') return b;
  const [first, second] = inOrder(a, b);
  return opaque('broadcast', first, second);
};

/** An uninterpreted function of dimensions: equal functions of equal arguments are equal. */
const opaque = (name: string, ...dims: readonly Dim[]): Sym => {
  const key = `${name}(${dims.map(dim => String(dim).replaceAll('*', '·')).join(';')})`;
  return key.length > MAX_KEY_CHARS ? freshDim() : symbol(key);
};

export const dimProduct = (shape: Shape): Dim => shape.reduce<Dim>((product, dim) => dimMul(product, dim), 1);

/** Formats a shape like OpenVINO: `[?,512,512,3]`. */
export const formatShape = (shape: Shape): string =>
  `[${shape.map(dim => (typeof dim === 'number' ? String(dim) : '?')).join(',')}]`;

function divide(name: string, round: (quotient: number) => number, a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return b === 0 ? freshDim() : round(a / b);
  if (dimEquals(a, b)) return 1;
  if (typeof b === 'number' && b !== 0) {
    if ([...termsOf(a).values()].every(coefficient => coefficient % b === 0)) {
      return normalize(new Map([...termsOf(a)].map(([monomial, coefficient]) => [monomial, coefficient / b])));
    }
  } else {
    const quotient = divideExactly(a, b);
    if (quotient !== undefined) return quotient;
  }
  return opaque(name, a, b);
}

/** Named dimensions are not negative; fresh ones may stand for tensor elements, which can be. */
const isNonNegative = (dim: Dim): boolean => (typeof dim === 'number' ? dim >= 0 : !/[-?]/.test(dim.key));

function extreme(name: string, choose: (a: number, b: number) => number, a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return choose(a, b);
  const difference = dimSub(a, b);
  if (typeof difference === 'number') return choose(difference, 0) === difference ? a : b;
  const [first, second] = inOrder(a, b);
  return opaque(name, first, second);
}

const inOrder = (a: Dim, b: Dim): readonly [Dim, Dim] => (String(a) < String(b) ? [a, b] : [b, a]);

function divideExactly(a: Dim, b: Dim): Dim | undefined {
  const divisor = [...termsOf(b)];
  if (divisor.length !== 1) return undefined;
  const [monomial, coefficient] = divisor[0]!;
  const factors = splitMonomial(monomial);
  const quotient = new Map<string, number>();
  for (const [term, value] of termsOf(a)) {
    if (value % coefficient !== 0) return undefined;
    const rest = splitMonomial(term);
    for (const factor of factors) {
      const at = rest.indexOf(factor);
      if (at < 0) return undefined;
      rest.splice(at, 1);
    }
    quotient.set(rest.join('*'), value / coefficient);
  }
  return normalize(quotient);
}

const termsOf = (dim: Dim): Terms => (typeof dim === 'number' ? new Map(dim === 0 ? [] : [['', dim]]) : dim.terms);

const splitMonomial = (monomial: string): string[] => (monomial === '' ? [] : monomial.split('*'));

function normalize(terms: ReadonlyMap<string, number>): Dim {
  const kept = new Map([...terms].filter(([, coefficient]) => coefficient !== 0));
  if (kept.size === 0) return 0;
  if (kept.size === 1 && kept.has('')) return kept.get('')!;
  if (kept.size > MAX_TERMS || ![...kept.values()].every(Number.isSafeInteger)) return freshDim();
  const sym = new Sym(kept);
  return sym.key.length > MAX_KEY_CHARS ? freshDim() : sym;
}

function render(terms: Terms): string {
  return [...terms]
    .sort(([a], [b]) => compareMonomials(a, b))
    .map(([monomial, coefficient]) => renderTerm(monomial, coefficient))
    .join('+')
    .replaceAll('+-', '-');
}

function compareMonomials(a: string, b: string): number {
  if (a === '') return 1;
  return b === '' || a < b ? -1 : 1;
}

function renderTerm(monomial: string, coefficient: number): string {
  if (monomial === '') return String(coefficient);
  return coefficient === 1 ? monomial : `${coefficient}*${monomial}`;
}
