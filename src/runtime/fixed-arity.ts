import type { NativeArgument } from './argument.ts';

/**
 * koffi supports variadic calls on the main thread only. Most ABIs pass variadic arguments like others, so a prototype with
 * a fixed parameter per argument makes the same call. Apple's arm64 ABI passes them on the stack; there, dummy arguments
 * fill the registers first. All variadic arguments of OpenVINO's C API are strings.
 */
const REGISTERS = 8;
const VARIADIC_ON_STACK = process.platform === 'darwin' && process.arch === 'arm64';

/** `f(int, ...)` called with three arguments -> `f(int, const char *, const char *)` */
export function fixPrototype(prototype: string, count: number): string {
  const fixed = fixedParameters(prototype);
  if (fixed === undefined) return prototype;
  const texts = Array.from({ length: count - fixed }, () => 'const char *');
  const rest = [...fillers(fixed).map(() => 'intptr_t'), ...texts];
  return prototype.replace(', ...', rest.map(type => `, ${type}`).join(''));
}

export function fixArguments(prototype: string, args: readonly NativeArgument[]): readonly NativeArgument[] {
  const fixed = fixedParameters(prototype);
  return fixed === undefined ? args : [...args.slice(0, fixed), ...fillers(fixed), ...args.slice(fixed)];
}

const fixedParameters = (prototype: string): number | undefined =>
  prototype.endsWith(', ...)') ? prototype.split(',').length - 1 : undefined;

const fillers = (fixed: number): readonly number[] =>
  VARIADIC_ON_STACK ? Array.from({ length: REGISTERS - fixed }, () => 0) : [];
