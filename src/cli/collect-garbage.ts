import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Lets the heap grow to five times its size in use before V8 collects garbage. Decoded images lie outside of the heap, but
 * count as its growth: by default, V8 stops to mark all objects for every few images.
 */
export const collectLessOften = (): void => setFlagsFromString('--heap-growing-percent=400');

/** Times by which the 1 MB that V8 starts with in each half of its young generation grows. By default, V8 goes on to 16 MB. */
const GROWTH = 4;

/**
 * Keeps the young generation small, and collects garbage before the heap grows by half. A conversion then takes a fifth less
 * memory, and a few percent more time.
 */
export function collectMoreOften(): void {
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
  growYoungGeneration();
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}

/** V8 lets the young generation grow only when much of it survives. */
function growYoungGeneration(): void {
  const survivors: (readonly number[])[] = [];
  const before = youngBytes();
  while (youngBytes() < GROWTH * before && survivors.length < 1000) survivors.push(new Array<number>(1000).fill(0));
}

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
