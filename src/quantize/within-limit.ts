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

/** Restores the filters with the most noise until the drop of accuracy is within the limit. */
export async function withinLimit(
  noises: Noises,
  { largest, dropOf }: DropLimit,
  quantizeExcept: (restored: Reasons) => Candidate,
  onTry: (count: number) => void,
): Promise<Candidate & { readonly drop: number }> {
  const noisiest = [...noises].toSorted(([, a], [, b]) => b - a);
  const without = (count: number): Candidate =>
    quantizeExcept(
      new Map(noisiest.slice(0, count).map(([node, noise]) => [node, `accuracy: its noise is ${noise.toFixed(3)}`])),
    );
  let tried = 0;
  const { restored, drop } = await searchDrop(noisiest.length, largest, async count => {
    const found = await dropOf(without(count).graph);
    onTry(++tried);
    return found;
  });
  return { ...without(restored), drop };
}
