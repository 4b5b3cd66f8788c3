import { type Flow, flowOf, isSuppression } from '../architecture/flow.ts';
import { type Graph, is, type Node, topological, type Value } from '../ov/graph.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { Concat } from '../ov/ops/movement.ts';
import { shapeEquals } from '../tensor/dim.ts';
import { type Filter, filterOf, isDepthwise } from './filter.ts';
import { movesElements } from './moves-elements.ts';

/** A value to quantize. */
export interface Point {
  readonly value: Value;
  /** Whether each channel, along axis 1, has a range of its own. */
  readonly perChannel: boolean;
  /** Whether no filter comes before, as for the image itself. */
  readonly isInput: boolean;
  /** Points of a group have one common range. */
  readonly group: number;
}

/** A filter that stays f32, and why. */
export interface KeptFilter {
  readonly node: Node;
  readonly reason: string;
}

/** A filter to quantize, and the points that its data comes from. */
export interface PlacedFilter extends Filter {
  readonly sources: readonly Value[];
}

export interface Placement {
  readonly filters: readonly PlacedFilter[];
  readonly points: readonly Point[];
  /** The filters, and the nodes from which data flows to one. Only these read quantized values. */
  readonly region: ReadonlySet<Node>;
  readonly kept: readonly KeptFilter[];
  /** Filters among the kept ones of which only the weights are stored in 8 bits. */
  readonly weightsOnly: readonly Filter[];
}

/**
 * Finds what to quantize, by structure: filters with constant weights, their inputs, and one side of each sum on the way to
 * another filter, so that OpenVINO computes sums within the quantized filters before them. What follows the last filters stays f32: scores, boxes,
 * anchors, suppression. Values are quantized before ops that only move elements, which then move bytes.
 *
 * @param reasonToKeep returns why a filter is to stay f32
 */
export function whereToQuantize(graph: Graph, reasonToKeep: (node: Node) => string | undefined): Placement {
  const flow = flowOf(graph);
  const kept: KeptFilter[] = [];
  const keep = (node: Node, reason: string): void => void kept.push({ node, reason });
  const filters: Filter[] = [];
  const weightsOnly: Filter[] = [];
  const isGate = gatesIn(flow);
  for (const node of flow.nodes.filter(flow.isFilter)) {
    const filter = filterOf(node);
    const reason = filter === undefined ? 'its weights are not constant f32' : reasonToKeep(node);
    if (filter === undefined || reason !== undefined) keep(node, reason!);
    else if (isGate(node)) {
      keep(node, 'it computes a gate, whose errors would affect all pixels; its weights are 8-bit integers');
      weightsOnly.push(filter);
    } else filters.push(filter);
  }
  const users = usersOf(graph);
  const region = regionBefore(filters, flow, users);
  const points = new PointSet(
    value => users.get(value)?.every(user => user !== undefined && region.has(user)) === true,
  );
  const placed = filters.map(filter => ({ ...filter, sources: points.add(filter.node.inputs[0]!) }));
  const sums = flow.nodes.filter(
    node => is(node, Add) && region.has(node) && node.inputs.every(isData(flow.isFiltered)),
  );
  const isComputedIn8Bits = endsOf(filters, flow);
  for (const { inputs } of sums) {
    const [left, right] = inputs as readonly [Value, Value];
    if (!shapeEquals(left.shape, right.shape) || points.covers(left) || points.covers(right)) continue;
    const [first, last] =
      flow.nodes.indexOf(left.node) < flow.nodes.indexOf(right.node) ? [left, right] : [right, left];
    if (isComputedIn8Bits(last)) points.add(first);
  }
  return { filters: placed, points: points.list(flow, users, region), region, kept, weightsOnly };
}

/** Returns whether a value comes from a quantized filter, with nothing that joins others between. */
function endsOf(filters: readonly Filter[], { isFilter, isFiltered, sources }: Flow): (value: Value) => boolean {
  const quantized = new Set(filters.map(({ node }) => node));
  const comes = (node: Node): boolean => {
    if (isFilter(node)) return quantized.has(node);
    const filtered = sources(node).filter(isFiltered);
    return filtered.length === 1 && comes(filtered[0]!);
  };
  return ({ node }) => comes(node);
}

/**
 * Returns whether a filter computes the gates of squeeze-and-excitation: its map has one pixel, and larger maps depend on it. It
 * takes no time, and its errors would reach all pixels of these.
 */
function gatesIn({ nodes, isFilter, sources }: Flow): (node: Node) => boolean {
  const leading = new Set<Node>();
  for (const node of nodes.toReversed()) {
    if ((isFilter(node) && !isSinglePixel(node)) || leading.has(node))
      sources(node).forEach(source => leading.add(source));
  }
  return node => isSinglePixel(node) && leading.has(node);
}

function isSinglePixel(node: Node): boolean {
  const { shape } = node.outputs[0]!;
  return shape.length === 4 && shape.slice(2).every(size => size === 1);
}

const isData = (isFiltered: (node: Node) => boolean) => (value: Value) =>
  value.type === 'f32' && isFiltered(value.node);

type Users = ReadonlyMap<Value, readonly (Node | undefined)[]>;

/** The nodes that read each value; undefined for an output of the graph. */
function usersOf(graph: Graph): Users {
  const users = new Map<Value, (Node | undefined)[]>();
  const use = (value: Value, user: Node | undefined): void => {
    const list = users.get(value);
    if (list === undefined) users.set(value, [user]);
    else list.push(user);
  };
  for (const node of topological(graph)) for (const value of node.inputs) use(value, node);
  for (const value of graph.outputs.values()) use(value, undefined);
  return users;
}

function regionBefore(filters: readonly Filter[], { nodes, round }: Flow, users: Users): ReadonlySet<Node> {
  const region = new Set(filters.map(({ node }) => node));
  for (const node of nodes.toReversed()) {
    if (isSuppression(node)) continue;
    const readers = node.outputs.filter(({ type }) => type === 'f32').flatMap(value => users.get(value) ?? []);
    if (readers.some(user => user !== undefined && region.has(user) && round(user) === round(node))) region.add(node);
  }
  return region;
}

class PointSet {
  /** The group of each value, as another value of the group or itself. */
  readonly #groups = new Map<Value, Value>();
  readonly #mayMove: (value: Value) => boolean;

  constructor(mayMove: (value: Value) => boolean) {
    this.#mayMove = mayMove;
  }

  add(value: Value): readonly Value[] {
    const sources = this.#sources(value);
    for (const source of sources) if (!this.#groups.has(source)) this.#groups.set(source, source);
    for (const source of sources) this.#groups.set(this.#root(source), this.#root(sources[0]!));
    return sources;
  }

  covers(value: Value): boolean {
    return this.#sources(value).every(source => this.#groups.has(source));
  }

  list(flow: Flow, users: Users, region: ReadonlySet<Node>): readonly Point[] {
    const roots = new Map<Value, number>();
    const sizes = new Map<Value, number>();
    for (const value of this.#groups.keys()) {
      const root = this.#root(value);
      sizes.set(root, (sizes.get(root) ?? 0) + 1);
    }
    return flow.nodes.flatMap(node =>
      node.outputs
        .filter(value => this.#groups.has(value))
        .map(value => {
          const root = this.#root(value);
          const readers = users.get(value)!.filter(user => user !== undefined && region.has(user));
          const perChannel = sizes.get(root) === 1 && readers.every(user => isDepthwise(user!));
          if (!roots.has(root)) roots.set(root, roots.size);
          return { value, perChannel, isInput: !flow.isFiltered(node), group: roots.get(root)! };
        }),
    );
  }

  /** The values before the ops that only move elements. */
  #sources(value: Value): readonly Value[] {
    if (this.#groups.has(value) || !movesElements(value.node) || !this.#mayMove(value)) return [value];
    const moved = is(value.node, Concat) ? value.node.inputs : value.node.inputs.slice(0, 1);
    if (moved.some(input => input.type !== 'f32' || input.node.constant !== undefined)) return [value];
    return moved.flatMap(input => this.#sources(input));
  }

  #root(value: Value): Value {
    const next = this.#groups.get(value)!;
    return next === value ? value : this.#root(next);
  }
}
