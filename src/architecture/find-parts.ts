import type { Graph, Node, Value } from '../ov/graph.ts';
import { directConvolutions } from '../ov/passes/direct-convolutions.ts';
import { type Block, mapBlock, type MapGroup, portBlock, workBlock } from './block.ts';
import { type Flow, flowOf } from './flow.ts';
import { splitFeatures } from './split-features.ts';

export interface ModelPart {
  readonly title: string;
  readonly kind: 'ports' | 'maps' | 'work';
  readonly blocks: readonly Block[];
}

const ORDINALS = ['', 'Second', 'Third', 'Fourth'];

/**
 * Finds the parts of a model, in the order of the data flow: preprocessing, backbone and feature pyramid by the sizes of
 * their feature maps, heads and post-processing; then again for each further stage of a multi-stage detector. They are
 * derived from ops, shapes and connections, not from node names. Convolutions in tiles count as the single ops that they are.
 */
export function findParts(tiled: Graph): readonly ModelPart[] {
  const graph = directConvolutions.run(tiled);
  const flow = flowOf(graph);
  const inner = flow.nodes.filter(({ op }) => op.type !== 'Parameter');
  const rounds = Math.max(0, ...inner.filter(flow.isFilter).map(node => flow.round(node) + 1));
  const parts: ModelPart[] = [{ title: 'Input', kind: 'ports', blocks: [...graph.inputs].map(portBlock) }];
  const work = (title: string, nodes: readonly Node[], result?: Value): void => {
    if (nodes.length > 0) parts.push({ title, kind: 'work', blocks: [workBlock(nodes, result)] });
  };
  const maps = (title: string, groups: readonly MapGroup[], lasts?: ReadonlySet<Node>): void => {
    const blocks = groups.map(group => mapBlock(group, flow.isFilter, lasts));
    if (blocks.length > 0) parts.push({ title, kind: 'maps', blocks });
  };
  for (let round = 0; round < rounds; round++) {
    // Nodes after the last round with filters belong to that round.
    const nodes = inner.filter(node => Math.min(flow.round(node), rounds - 1) === round);
    const { before, backbone, neck, heads, after, lasts } = splitFeatures(nodes, flow);
    const named = (first: string, again: string): string =>
      round === 0 ? first : `${ORDINALS[round] ?? `${round + 1}th`} stage: ${again}`;
    work(named('Preprocessing', 'regions'), before, firstInput(nodes, flow));
    maps(named('Backbone', 'features'), backbone);
    maps(named('Feature pyramid', 'larger features'), neck);
    maps(named('Heads', 'heads'), heads, lasts);
    work(round < rounds - 1 ? 'Proposals' : 'Post-processing', after);
  }
  if (rounds === 0) work('Computation', inner);
  return [...parts, { title: 'Outputs', kind: 'ports', blocks: [...graph.outputs].map(portBlock) }];
}

function firstInput(nodes: readonly Node[], { isFilter, sources }: Flow): Value | undefined {
  const first = nodes.find(isFilter);
  return first?.inputs.find(input => sources(first).includes(input.node));
}
