import { isReal, isSigned } from '../../src/tensor/element-type.ts';
import { parseDim } from '../../src/tensor/parse-dim.ts';
import type { Graph } from '../../src/ov/graph.ts';
import { sizeOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';

/** Reproducible pseudorandom numbers in [0, 1). */
export function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    yield ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
}

/** Sizes for symbols, distinct so that they cannot be confused. */
const SIZES = [5, 7, 4, 3];

/** Generates a tensor per input of a graph: reals from -2 to 2, small integers, booleans. */
export function randomInputs(graph: Graph, seed = 1): ReadonlyMap<string, Tensor> {
  const random = numbers(seed);
  const sizes = new Map<string, number>();
  const named = (name: string): number => {
    const size = sizes.get(name) ?? SIZES[sizes.size % SIZES.length]!;
    sizes.set(name, size);
    return size;
  };
  return new Map(
    [...graph.inputs].map(([name, { type, shape }]) => {
      const fixed = shape.map(dim => Number(parseDim(String(dim), named)));
      const values = Array.from({ length: sizeOf(fixed) }, () => {
        const part = random.next().value;
        if (type === 'boolean') return Math.round(part);
        return isReal(type) ? 4 * part - 2 : Math.floor(10 * part) - (isSigned(type) ? 5 : 0);
      });
      return [name, tensorOf(type, fixed, values)];
    }),
  );
}
