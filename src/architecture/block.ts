import { type Node, type Value } from '../ov/graph.ts';
import { isStatic, isStaticDim } from '../tensor/dim.ts';
import { byteLengthOf } from '../tensor/element-type.ts';
import { sizeOf } from '../tensor/tensor.ts';

/** Nodes that belong together, and what there is to say of them. */
export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
  /** The height of the feature maps, of others than squares the mean of both sides, where it is known. */
  readonly side?: number;
  /** How many ops it is made of; constants and what restores their precision aside. */
  readonly ops: number;
  /** Of the constants that it takes. */
  readonly weightBytes: number;
}

/** Nodes on feature maps of one size: `64 × 64`, `?` for all open ones, nothing for what is no map. */
export interface MapGroup {
  readonly size: string;
  /** Height times width; 0 where they are not known. */
  readonly area: number;
  readonly nodes: readonly Node[];
}

/** How many types of ops a block names. */
const MOST_TYPES = 8;

/** How many numbers of channels a block of heads names. */
const MOST_CHANNELS = 4;

/** Types that tell more of what a part does than those that move numbers about. */
const TELLING = /NonMaxSuppression|TopK|ROI|Interpolate|Pool|Loop|If|Iterator|Detection|NV12|I420/;

export const portBlock = ([name, value]: readonly [string, Value]): Block => ({
  title: shapeText(value),
  lines: [name],
  ops: 0,
  weightBytes: 0,
});

/** Work that is no feature map, with what comes out of it where that is one value. */
export function workBlock(nodes: readonly Node[], result?: Value): Block {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op.type, (counts.get(op.type) ?? 0) + 1);
  const types = [...counts].sort(([a, x], [b, y]) => Number(TELLING.test(b)) - Number(TELLING.test(a)) || y - x);
  const lines = [
    types
      .slice(0, MOST_TYPES)
      .map(([type, count]) => `${count} ${type}`)
      .join(', '),
  ];
  const [title, ...rest] = result === undefined ? lines : [shapeText(result), ...lines];
  return { title: title!, lines: rest, ...sums(nodes) };
}

/** Feature maps of one size. @param lasts filters of which the channels are told; that of the last one by default */
export function mapBlock(
  { size, area, nodes }: MapGroup,
  isFilter: (node: Node) => boolean,
  lasts?: ReadonlySet<Node>,
): Block {
  const filters = nodes.filter(isFilter);
  const shown = lasts === undefined ? filters.slice(-1) : filters.filter(node => lasts.has(node));
  const channels = [...new Set(shown.map(channelsOf))].slice(0, MOST_CHANNELS).join(', ');
  return {
    title: size === '' ? 'vectors' : size === '?' ? '? × ?' : size,
    lines: [
      ...(channels === '' ? [] : [`${channels} ${size === '' ? 'numbers' : 'channels'}`]),
      ...(filters.length === 0 ? [] : [counted(filters.length, 'filter')]),
    ],
    ...(area > 0 && { side: Math.round(Math.sqrt(area)) }),
    ...sums(nodes),
  };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function channelsOf({ outputs }: Node): string {
  const { shape } = outputs[0]!;
  const channels = shape.length === 4 ? shape[1] : shape.at(-1);
  return typeof channels === 'number' ? String(channels) : '?';
}

const shapeText = ({ type, shape }: Value): string =>
  `${type} [${shape.map(dim => (isStaticDim(dim) ? dim : '?')).join(', ')}]`;

function sums(nodes: readonly Node[]): Pick<Block, 'ops' | 'weightBytes'> {
  const constants = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => constantBehind(node))));
  let weightBytes = 0;
  for (const constant of constants) {
    const value = constant?.outputs[0];
    if (value !== undefined && isStatic(value.shape)) weightBytes += byteLengthOf(value.type, sizeOf(value.shape));
  }
  return { ops: nodes.length, weightBytes };
}

/** The constant that a node is, or that it restores the precision of. */
function constantBehind(node: Node): Node | undefined {
  const source = node.op.type === 'Convert' ? node.inputs[0]!.node : node;
  return source.constant === undefined ? undefined : source;
}
