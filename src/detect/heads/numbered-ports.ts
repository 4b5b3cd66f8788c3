import type { Port } from './port.ts';

/** Returns ports in the order of the numbers that `pattern` captures, 0 if there is none; nothing if a port does not match. */
export function numberedPorts(ports: readonly Port[], pattern: RegExp): readonly Port[] {
  const numbers = new Map(ports.map(port => [port, numberOf(port, pattern)]));
  return [...numbers.values()].includes(undefined) ? [] : ports.toSorted((a, b) => numbers.get(a)! - numbers.get(b)!);
}

function numberOf({ names }: Port, pattern: RegExp): number | undefined {
  const match = names.map(name => pattern.exec(name)).find(result => result !== null);
  return match && Number(match[1] ?? 0);
}
