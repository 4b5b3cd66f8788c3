import type { Node } from '../ov/graph.ts';
import { isStaticDim } from '../tensor/dim.ts';
import type { MapGroup } from './block.ts';
import type { Flow } from './flow.ts';

/**
 * The nodes of a round: before its filters, by size of their feature maps, and after them. Backbone and heads start with the
 * largest feature maps; the neck, after an upsampling, with the smallest.
 */
export interface Split {
  readonly before: readonly Node[];
  readonly backbone: readonly MapGroup[];
  readonly neck: readonly MapGroup[];
  readonly heads: readonly MapGroup[];
  readonly after: readonly Node[];
  /** Filters without a filter after them. */
  readonly lasts: ReadonlySet<Node>;
}

const SPATIAL = /Convolution|Pool|Interpolate/;

/** Element-wise ops, which belong to the filter before them. */
const POINTWISE: ReadonlySet<string> = new Set([
  'Add',
  'Subtract',
  'Multiply',
  'Divide',
  'Maximum',
  'Minimum',
  'Convert',
  'ReLU',
  'Clamp',
  'Sigmoid',
  'Swish',
  'HSwish',
  'Elu',
  'PReLU',
  'Tanh',
  'Exp',
  'SoftPlus',
  'HardSigmoid',
]);

export function splitFeatures(nodes: readonly Node[], flow: Flow): Split {
  const own = new Set(nodes);
  const sizes = new Map<Node, Size>();
  const enlarged = new Set<Node>();
  const headOf = new Map<Node, Node>();
  const lasts = new Set(nodes.filter(node => flow.isFilter(node) && flow.ends(node).size === 0));
  const known = new Set(nodes.filter(({ op }) => SPATIAL.test(op.type)).map(node => sizeOf(node).text));
  const before: Node[] = [];
  const after: Node[] = [];
  const backbone = new Groups();
  const neck = new Groups();
  const heads = new Groups();
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
    const features = enlarged.has(node) ? neck : backbone;
    (head === undefined ? features : heads).add(size, node);
  }
  return { before, backbone: backbone.descending(), neck: neck.ascending(), heads: heads.descending(), after, lasts };
}

/** The last filter that a node belongs to: the only one that depends on it, or the one it follows element by element. */
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
  readonly text: string;
  readonly area: number;
}

/**
 * The size of the feature maps that a node works on. Squeeze-and-excitation, which scales maps by their means, counts as
 * work on those maps.
 */
function sizeIn(node: Node, maps: readonly Node[], known: ReadonlySet<string>, sizes: ReadonlyMap<Node, Size>): Size {
  const own = sizeOf(node);
  const first = maps[0];
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

class Groups {
  readonly #groups = new Map<string, { readonly size: string; readonly area: number; readonly nodes: Node[] }>();

  add({ text, area }: Size, node: Node): void {
    const group = this.#groups.get(text) ?? { size: text, area, nodes: [] };
    group.nodes.push(node);
    this.#groups.set(text, group);
  }

  descending(): readonly MapGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.area - a.area);
  }

  ascending(): readonly MapGroup[] {
    return this.descending().toReversed();
  }
}
