import type { Node } from '../ov/graph.ts';
import { isStaticDim } from '../tensor/dim.ts';
import type { MapGroup } from './block.ts';
import type { Flow } from './flow.ts';

/** The nodes of a round: those before its filters, its feature maps by size, its heads, and those behind them. */
export interface Split {
  readonly before: readonly Node[];
  /** From the largest feature maps to the smallest. */
  readonly backbone: readonly MapGroup[];
  /** Feature maps behind one that was made larger, from the smallest to the largest. */
  readonly neck: readonly MapGroup[];
  /** By the size of the feature maps that they stand on, from the largest. */
  readonly heads: readonly MapGroup[];
  readonly after: readonly Node[];
  /** The filters that have none behind them. */
  readonly lasts: ReadonlySet<Node>;
}

/** Ops that decide how large feature maps are. */
const SPATIAL = /Convolution|Pool|Interpolate/;

/** Ops that work on each number alone, and so belong to the filter in front of them. */
const POINTWISE: ReadonlySet<string> = new Set([
  ...['Add', 'Subtract', 'Multiply', 'Divide', 'Maximum', 'Minimum', 'Convert'],
  ...['ReLU', 'Clamp', 'Sigmoid', 'Swish', 'HSwish', 'Elu', 'PReLU', 'Tanh', 'Exp', 'SoftPlus', 'HardSigmoid'],
]);

export function splitFeatures(nodes: readonly Node[], flow: Flow): Split {
  const own = new Set(nodes);
  const sizes = new Map<Node, Size>();
  const enlarged = new Set<Node>();
  const headOf = new Map<Node, Node>();
  const lasts = new Set(nodes.filter(node => flow.isFilter(node) && flow.ends(node).size === 0));
  const known = new Set(nodes.filter(({ op }) => SPATIAL.test(op.type)).map(node => sizeOf(node).text));
  const [before, after]: [Node[], Node[]] = [[], []];
  const [backbone, neck, heads] = [new Groups(), new Groups(), new Groups()];
  for (const node of nodes) {
    const sources = flow.sources(node).filter(source => own.has(source));
    const maps = sources.filter(source => sizes.has(source));
    const leads = flow.ends(node).size > 0 || lasts.has(node);
    if (!flow.isFiltered(node)) {
      (leads ? before : after).push(node);
      continue;
    }
    const head = lasts.has(node) ? node : headFor(node, flow, lasts, headOf, maps);
    if (!leads && head === undefined) {
      after.push(node);
      continue;
    }
    const size = sizeIn(node, maps, known, sizes);
    sizes.set(node, size);
    const largest = Math.max(...maps.map(map => sizes.get(map)!.area));
    if (maps.some(map => enlarged.has(map)) || (maps.length > 0 && largest < size.area)) enlarged.add(node);
    if (head !== undefined) headOf.set(node, head);
    (head !== undefined ? heads : enlarged.has(node) ? neck : backbone).add(size, node);
  }
  return { before, backbone: backbone.falling(), neck: neck.rising(), heads: heads.falling(), after, lasts };
}

/** The last filter that a node belongs to: the only one that it leads to, or the one that it follows number by number. */
function headFor(
  node: Node,
  flow: Flow,
  lasts: ReadonlySet<Node>,
  headOf: ReadonlyMap<Node, Node>,
  maps: readonly Node[],
): Node | undefined {
  const [end, ...others] = flow.ends(node);
  if (end !== undefined) return others.length === 0 && lasts.size > 1 ? end : undefined;
  const head = maps[0] === undefined ? undefined : headOf.get(maps[0]);
  return maps.length === 1 && POINTWISE.has(node.op.type) ? head : undefined;
}

interface Size {
  /** `64 × 64`; one text for all sizes that are open, and one for what is no map. */
  readonly text: string;
  readonly area: number;
}

/**
 * The size of the feature maps that a node works on. What works on means over whole maps, to scale the maps by them,
 * belongs to the maps.
 */
function sizeIn(node: Node, maps: readonly Node[], known: ReadonlySet<string>, sizes: ReadonlyMap<Node, Size>): Size {
  const [own, first] = [sizeOf(node), maps[0]];
  if (first === undefined) return own;
  const isSpatial = SPATIAL.test(node.op.type) || node.op.type === 'MatMul';
  if (own.area !== 1) return isSpatial || known.has(own.text) ? own : sizes.get(first)!;
  return isSpatial && sizeOf(first).area !== 1 ? own : sizes.get(first)!;
}

function sizeOf({ outputs }: Node): Size {
  const [height, width] = outputs[0]?.shape.slice(2) ?? [];
  if (outputs[0]?.shape.length !== 4) return { text: '', area: 0 };
  if (!isStaticDim(height!) || !isStaticDim(width!)) return { text: '?', area: 0 };
  return { text: `${height} × ${width}`, area: height * width };
}

/** Nodes by the size of their feature maps. */
class Groups {
  readonly #groups = new Map<string, { readonly size: string; readonly area: number; readonly nodes: Node[] }>();

  add({ text, area }: Size, node: Node): void {
    const group = this.#groups.get(text) ?? { size: text, area, nodes: [] };
    group.nodes.push(node);
    this.#groups.set(text, group);
  }

  falling(): readonly MapGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.area - a.area);
  }

  rising(): readonly MapGroup[] {
    return this.falling().toReversed();
  }
}
