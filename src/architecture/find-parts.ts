import type { Graph, Node, Value } from '../ov/graph.ts';
import { type Block, mapBlock, type MapGroup, portBlock, workBlock } from './block.ts';
import { type Flow, flowOf } from './flow.ts';
import { splitFeatures } from './split-features.ts';

/** A part of a detector that does one thing. */
export interface ModelPart {
  readonly title: string;
  readonly kind: 'ports' | 'maps' | 'work';
  /** In the order in which data goes through them. */
  readonly blocks: readonly Block[];
}

/** The names of rounds behind the first one. */
const ORDINALS = ['', 'Second', 'Third', 'Fourth'];

/**
 * The stages of a model, in the order in which data goes through them: what is done to the picture, the feature maps by
 * their sizes, the heads on them, and what becomes of their outputs; once more for a model that looks again at what it
 * found. They are seen from the ops, their shapes and how they hang together; names of nodes play no part.
 */
export function findParts(graph: Graph): readonly ModelPart[] {
  const flow = flowOf(graph);
  const inner = flow.nodes.filter(({ op }) => op.type !== 'Parameter');
  const rounds = Math.max(0, ...inner.filter(flow.isFilter).map(node => flow.round(node) + 1));
  const stages: ModelPart[] = [{ title: 'Input', kind: 'ports', blocks: [...graph.inputs].map(portBlock) }];
  const work = (title: string, nodes: readonly Node[], result?: Value): void => {
    if (nodes.length > 0) stages.push({ title, kind: 'work', blocks: [workBlock(nodes, result)] });
  };
  const maps = (title: string, groups: readonly MapGroup[], lasts?: ReadonlySet<Node>): void => {
    const blocks = groups.map(group => mapBlock(group, flow.isFilter, lasts));
    if (blocks.length > 0) stages.push({ title, kind: 'maps', blocks });
  };
  for (let round = 0; round < rounds; round++) {
    // What comes behind the last round that has filters belongs to its end.
    const nodes = inner.filter(node => Math.min(flow.round(node), rounds - 1) === round);
    const { before, backbone, neck, heads, after, lasts } = splitFeatures(nodes, flow);
    const named = (first: string, again: string): string =>
      round === 0 ? first : `${ORDINALS[round] ?? `${round + 1}th`} look: ${again}`;
    work(named('Preprocessing', 'regions'), before, pictureOf(nodes, flow));
    maps(named('Backbone', 'features'), backbone);
    maps(named('Feature pyramid', 'larger features'), neck);
    maps(named('Heads', 'heads'), heads, lasts);
    work(round < rounds - 1 ? 'Proposals' : 'Post-processing', after);
  }
  if (rounds === 0) work('Computation', inner);
  return [...stages, { title: 'Outputs', kind: 'ports', blocks: [...graph.outputs].map(portBlock) }];
}

/** What the first filter of a round sees. */
function pictureOf(nodes: readonly Node[], { isFilter, sources }: Flow): Value | undefined {
  const first = nodes.find(isFilter);
  return first?.inputs.find(input => sources(first).includes(input.node));
}
