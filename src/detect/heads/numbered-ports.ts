import type { Port } from './port.ts';

/** `Identity`, `Identity_1`, `output_2`, `detections:3`, `StatefulPartitionedCall_1:0`. */
const NUMBERED = /^(.*?[^_:\d])[_:]?(\d+)?(?::0)?$/;

/** Returns ports in the order of the numbers in their names, 0 if there is none; nothing if the names differ in more. */
export function numberedPorts(ports: readonly Port[]): readonly Port[] {
  const parsed = ports.map(port => ({ port, ...numberOf(port) }));
  const isList = parsed.every(({ stem, number }, i) => stem === parsed[0]!.stem && isFirst(parsed, i, number));
  return isList ? parsed.toSorted((a, b) => a.number - b.number).map(({ port }) => port) : [];
}

const isFirst = (all: readonly { readonly number: number }[], at: number, number: number): boolean =>
  all.findIndex(other => other.number === number) === at;

function numberOf({ names }: Port): { readonly stem: string | undefined; readonly number: number } {
  const match = names.map(name => NUMBERED.exec(name)).find(result => result !== null);
  return { stem: match?.[1], number: Number(match?.[2] ?? 0) };
}
