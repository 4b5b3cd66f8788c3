import type { Argument } from './argument.ts';

/**
 * koffi makes variadic calls on the main thread only. A call with a parameter for each argument is the same call, as
 * variadic arguments travel like others; the C interface's are all texts. On Apple's arm64 they alone go to the stack,
 * and so do parameters once others without meaning have filled the registers.
 */
const REGISTERS = 8;
const VARIADIC_ON_STACK = process.platform === 'darwin' && process.arch === 'arm64';

/** The prototype for a call with `count` arguments: `f(int a, ...)` becomes `f(int a, const char *, const char *)`. */
export function fixPrototype(prototype: string, count: number): string {
  const fixed = fixedParameters(prototype);
  if (fixed === undefined) return prototype;
  const texts = Array.from({ length: count - fixed }, () => 'const char *');
  const rest = [...fillers(fixed).map(() => 'intptr_t'), ...texts];
  return prototype.replace(', ...', rest.map(type => `, ${type}`).join(''));
}

/** The arguments as `fixPrototype` has them. */
export function fixArguments(prototype: string, args: readonly Argument[]): readonly Argument[] {
  const fixed = fixedParameters(prototype);
  return fixed === undefined ? args : [...args.slice(0, fixed), ...fillers(fixed), ...args.slice(fixed)];
}

/** The number of parameters before the variadic ones, or undefined where there are none of these. */
const fixedParameters = (prototype: string): number | undefined =>
  prototype.endsWith(', ...)') ? prototype.split(',').length - 1 : undefined;

const fillers = (fixed: number): readonly number[] =>
  VARIADIC_ON_STACK ? Array.from({ length: REGISTERS - fixed }, () => 0) : [];
