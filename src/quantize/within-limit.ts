import type { Graph, Node } from '../ov/graph.ts';
import type { Noises } from './measure-noise.ts';
import { searchDrop } from './search-drop.ts';
import type { Placement } from './where-to-quantize.ts';

/** A bound for the drop of accuracy, and what measures it. */
export interface DropLimit {
  readonly largest: number;
  readonly dropOf: (graph: Graph) => Promise<number>;
}

/** Why filters are to stay f32. */
export type Reasons = ReadonlyMap<Node, string>;

/** A graph with some filters quantized. */
export interface Candidate {
  readonly placement: Placement;
  readonly graph: Graph;
}

/** Restores filters, of those with the most noise, until the drop of accuracy is within the limit. */
export async function withinLimit(
  noises: Noises,
  { largest, dropOf }: DropLimit,
  quantizeExcept: (restored: Reasons) => Candidate,
  onTry: (count: number) => void,
): Promise<Candidate & { readonly drop: number }> {
  const noisiest = [...noises].toSorted(([, a], [, b]) => b - a);
  const without = (filters: readonly (readonly [Node, number])[]): Candidate =>
    quantizeExcept(new Map(filters.map(([node, noise]) => [node, `accuracy: its noise is ${noise.toFixed(3)}`])));
  let tried = 0;
  const { restored, drop } = await searchDrop(noisiest, largest, async filters => {
    const found = await dropOf(without(filters).graph);
    onTry(++tried);
    return found;
  });
  return { ...without(restored), drop };
}
