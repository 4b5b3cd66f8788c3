import { DecantError } from './errors.ts';
import { nearestHint } from './nearest-names.ts';

/** Returns what is wrong with a value, which messages call `what`; undefined if it is right. */
export type Check = (value: unknown, what: string) => string | undefined;

/** A check for each field of `T`, so that none is forgotten. */
export type ChecksOf<T> = { readonly [K in keyof T]-?: Check };

/** @throws DecantError `invalid-argument` if an argument is not right */
export function checkArgument(value: unknown, what: string, check: Check, remedy?: string): void {
  const problem = check(value, what);
  if (problem !== undefined) throw new DecantError('invalid-argument', problem, remedy === undefined ? {} : { remedy });
}

/** @throws DecantError `invalid-argument` for a value that is not right, and for an option that does not exist */
export function checkOptions<T extends object>(options: T, checks: ChecksOf<T>): void {
  checkArgument(options, 'the options', object);
  const names = Object.keys(checks);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(checks, name)) {
      throw new DecantError('invalid-argument', `there is no option '${name}'`, {
        remedy: nearestHint(name, names).trim() || `The options are ${names.join(', ')}.`,
      });
    }
    checkArgument(value, `the option '${name}'`, checks[name as keyof T]);
  }
}

/** An object with only these options, as an option itself. */
export const optionsOf =
  <T extends object>(checks: ChecksOf<T>): Check =>
  (value, what) => {
    const unknown = object(value, what) ?? unknownIn(value as object, Object.keys(checks), what);
    if (unknown !== undefined) return unknown;
    const given = Object.entries(value as object).filter(([, field]) => field !== undefined);
    return firstOf(given, ([name, field]) => checks[name as keyof T](field, `${what}.${name}`));
  };

/** An object with all of these fields, and no others. */
export const exactly =
  <T extends object>(checks: ChecksOf<T>): Check =>
  (value, what) =>
    optionsOf(checks)(value, what) ?? shaped(checks)(value, what);

function unknownIn(value: object, names: readonly string[], what: string): string | undefined {
  const unknown = Object.keys(value).find(name => !names.includes(name));
  if (unknown === undefined) return undefined;
  const hint = nearestHint(unknown, names).trim();
  return `${what} has no '${unknown}'. ${hint === '' ? `It has ${names.join(', ')}.` : hint}`;
}

export const kind =
  (is: string, accepts: (value: unknown) => boolean): Check =>
  (value, what) =>
    accepts(value) ? undefined : `${what} must be ${is}, got ${nameOf(value)}`;

export const text = kind('a text', value => typeof value === 'string');
export const flag = kind('true or false', value => typeof value === 'boolean');
/** Also one that is out of range, which those that use it report. */
export const number = kind('a number', value => typeof value === 'number');
export const integer = kind('a whole number', Number.isSafeInteger);
export const fraction = kind('a number from 0 to 1', value => typeof value === 'number' && value >= 0 && value <= 1);
export const callback = kind('a function', value => typeof value === 'function');
export const abortSignal = kind('an AbortSignal', value => value instanceof AbortSignal);
export const object = kind('an object', value => typeof value === 'object' && value !== null && !Array.isArray(value));
export const iterable = kind('an array or another iterable', value => {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
});
export const map = kind('a Map', value => value instanceof Map);
export const set = kind('a Set', value => value instanceof Set);

export const atLeast = (least: number): Check =>
  kind(`a whole number of at least ${least}`, value => Number.isSafeInteger(value) && Number(value) >= least);

export const oneOf = (...names: readonly string[]): Check =>
  kind(names.map(name => `'${name}'`).join(' or '), value => names.includes(value as string));

/** An object that has methods, such as an own implementation of an interface. */
export const withMethods = (is: string, ...methods: readonly string[]): Check =>
  kind(is, value => {
    if (typeof value !== 'object' || value === null) return false;
    return methods.every(name => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function');
  });

export const optional =
  (check: Check): Check =>
  (value, what) =>
    value === undefined ? undefined : check(value, what);

export const listOf =
  (check: Check): Check =>
  (value, what) => {
    if (!Array.isArray(value)) return `${what} must be an array, got ${nameOf(value)}`;
    return firstOf(value, (item, i) => check(item, `${what}[${i}]`));
  };

export const recordOf =
  (check: Check): Check =>
  (value, what) =>
    object(value, what) ?? firstOf(Object.entries(value as object), ([name, item]) => check(item, `${what}.${name}`));

/** An object with at least these fields. */
export const shaped =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, what) =>
    object(value, what) ??
    firstOf(Object.entries(checks), ([name, check]) =>
      check((value as Readonly<Record<string, unknown>>)[name], `${what}.${name}`),
    );

/** @param is says what all the checks accept */
export const either = (is: string, ...checks: readonly Check[]): Check =>
  kind(is, value => checks.some(check => check(value, '') === undefined));

function firstOf<T>(items: readonly T[], problemOf: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const problem = problemOf(item, i);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const MAX_SHOWN = 40;

/** Names a value in a message: short strings and numbers as they are, the kind of everything else. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return value.length > MAX_SHOWN ? `'${value.slice(0, MAX_SHOWN)}...'` : `'${value}'`;
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return tag === 'Object' ? 'an object' : `a ${tag}`;
}
