import type { Dim, Shape } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AttributesOf, Codecs } from './attributes.ts';
import type { Traits } from './traits.ts';

/** The rank is always known; sizes may be symbolic. */
export interface Type {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** One output of a node. Values are compared by identity. */
export interface Value extends Type {
  readonly node: Node;
  readonly index: number;
  /** Elements of a small integer value, in row-major order, as sizes: shape arithmetic on them infers dynamic shapes. */
  readonly partialValue: readonly Dim[] | undefined;
}

export interface Node<C extends Codecs = Codecs> {
  readonly op: Op<C>;
  /** Name of the TensorFlow node it was translated from; not unique. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attrs: AttributesOf<C>;
  readonly bodies: readonly Graph[];
  readonly outputs: readonly Value[];
  readonly constant: Tensor | undefined;
  /** Whether a Constant was folded eagerly, rather than read from a file or deferred. */
  readonly isComputed: boolean;
}

export interface Op<C extends Codecs = Codecs> {
  readonly type: string;
  /** The opset that introduced this version of the op. */
  readonly opset: string;
  /** Number of inputs, or the least and the most. */
  readonly arity: number | readonly [number, number];
  readonly attributes: C;
  readonly traits?: Traits;
  infer(inputs: readonly Value[], attrs: AttributesOf<C>, bodies: readonly Graph[]): readonly Type[];
  evaluate?(inputs: readonly Tensor[], attrs: AttributesOf<C>, types: readonly StaticType[]): readonly Tensor[];
  /** Whether `evaluate` supports inputs of these types; always if missing. */
  canEvaluate?(inputs: readonly StaticType[], attrs: AttributesOf<C>): boolean;
  /** Set if `evaluate` only moves elements, of the first input or of all: it then applies to partial values, too. */
  readonly permutesElements?: 'first' | 'all';
  partialValue?(
    inputs: readonly Value[],
    attrs: AttributesOf<C>,
    type: Type,
    index: number,
  ): readonly Dim[] | undefined;
}

export interface StaticType {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** A directed acyclic graph: its parameters and all nodes that its outputs depend on. The maps are in public order. */
export interface Graph {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
}

/** Brand without which a negative `is` would narrow `Node` to `never`. */
declare const known: unique symbol;

export const is = <C extends Codecs>(node: Node, op: Op<C>): node is Node<C> & { readonly [known]: C } =>
  (node.op as unknown) === op;

export const constantOf = (value: Value): Tensor | undefined => value.node.constant;

/** Graphs do not change, and each pass walks the one before several times. */
const orders = new WeakMap<Graph, readonly Node[]>();

/** Sorts nodes after their inputs, in a deterministic order. */
export function topological(graph: Graph): readonly Node[] {
  const known = orders.get(graph);
  if (known !== undefined) return known;
  const order: Node[] = [];
  const done = new Set<Node>();
  const path: Node[] = [];
  const next: number[] = [];
  const enter = (node: Node): void => {
    if (done.has(node)) return;
    done.add(node);
    path.push(node);
    next.push(0);
  };
  const visit = (root: Node): void => {
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      const input = node.inputs[next[next.length - 1]!++];
      if (input !== undefined) {
        enter(input.node);
        continue;
      }
      order.push(node);
      path.pop();
      next.pop();
    }
  };
  for (const value of graph.inputs.values()) visit(value.node);
  for (const value of graph.outputs.values()) visit(value.node);
  orders.set(graph, order);
  return order;
}

export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  for (const { inputs } of topological(graph)) {
    for (const value of inputs) uses.set(value, (uses.get(value) ?? 0) + 1);
  }
  for (const value of graph.outputs.values()) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

/** Whether a graph, or a body in it, has an op. */
export const contains = (graph: Graph, ops: readonly Op[]): boolean =>
  topological(graph).some(node => ops.includes(node.op) || node.bodies.some(body => contains(body, ops)));

export function countNodes(graph: Graph): number {
  let count = 0;
  for (const { bodies } of topological(graph)) {
    count++;
    for (const body of bodies) count += countNodes(body);
  }
  return count;
}
