import type { Node, Value } from '../ov/graph.ts';
import { isStatic, isStaticDim } from '../tensor/dim.ts';
import { byteLengthOf } from '../tensor/element-type.ts';
import { sizeOf } from '../tensor/tensor.ts';

export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
  /** Side of the feature maps, the geometric mean if they are not square; undefined if unknown. */
  readonly side?: number;
  /** Number of ops, without constants and their decompression. */
  readonly ops: number;
  readonly weightBytes: number;
}

/** Nodes on feature maps of one size: `64 × 64`, `?` for dynamic sizes, empty for other tensors. */
export interface MapGroup {
  readonly size: string;
  /** Height times width; 0 if unknown. */
  readonly area: number;
  readonly nodes: readonly Node[];
}

const MAX_TYPES = 8;

const MAX_CHANNELS = 4;

/** Op types that characterize a part, listed first. */
const CHARACTERISTIC = /NonMaxSuppression|TopK|ROI|Interpolate|Pool|Loop|If|Iterator|Detection|NV12|I420/;

export const portBlock = ([name, value]: readonly [string, Value]): Block => ({
  title: shapeText(value),
  lines: [name],
  ops: 0,
  weightBytes: 0,
});

export function workBlock(nodes: readonly Node[], result?: Value): Block {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op.type, (counts.get(op.type) ?? 0) + 1);
  const types = [...counts].sort(
    ([a, x], [b, y]) => Number(CHARACTERISTIC.test(b)) - Number(CHARACTERISTIC.test(a)) || y - x,
  );
  const lines = [
    types
      .slice(0, MAX_TYPES)
      .map(([type, count]) => `${count} ${type}`)
      .join(', '),
  ];
  const [title, ...rest] = result === undefined ? lines : [shapeText(result), ...lines];
  return { title: title!, lines: rest, ...sums(nodes) };
}

const TITLES: Readonly<Record<string, string>> = { '': 'vectors', '?': '? × ?' };

/** Feature maps of one size. @param lasts filters whose channels are listed; only the last one by default */
export function mapBlock(
  { size, area, nodes }: MapGroup,
  isFilter: (node: Node) => boolean,
  lasts?: ReadonlySet<Node>,
): Block {
  const filters = nodes.filter(isFilter);
  const shown = lasts === undefined ? filters.slice(-1) : filters.filter(node => lasts.has(node));
  const channels = [...new Set(shown.map(channelsOf))].slice(0, MAX_CHANNELS).join(', ');
  return {
    title: TITLES[size] ?? size,
    lines: [
      ...(channels === '' ? [] : [`${channels} ${size === '' ? 'numbers' : 'channels'}`]),
      ...(filters.length === 0 ? [] : [counted(filters.length, 'filter')]),
    ],
    ...(area > 0 && { side: Math.round(Math.sqrt(area)) }),
    ...sums(nodes),
  };
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function channelsOf({ outputs }: Node): string {
  const { shape } = outputs[0]!;
  const channels = shape.length === 4 ? shape[1] : shape.at(-1);
  return typeof channels === 'number' ? String(channels) : '?';
}

const shapeText = ({ type, shape }: Value): string =>
  `${type} [${shape.map(dim => (isStaticDim(dim) ? dim : '?')).join(', ')}]`;

function sums(nodes: readonly Node[]): Pick<Block, 'ops' | 'weightBytes'> {
  const constants = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => constantOf(node))));
  let weightBytes = 0;
  for (const constant of constants) {
    const value = constant?.outputs[0];
    if (value !== undefined && isStatic(value.shape)) weightBytes += byteLengthOf(value.type, sizeOf(value.shape));
  }
  return { ops: nodes.length, weightBytes };
}

/** The constant that a node is or decompresses. */
function constantOf(node: Node): Node | undefined {
  const source = node.op.type === 'Convert' ? node.inputs[0]!.node : node;
  return source.constant === undefined ? undefined : source;
}
