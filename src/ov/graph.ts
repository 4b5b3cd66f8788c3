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

/** Sorts nodes after their inputs, in a deterministic order. */
export function topological(graph: Graph): readonly Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const visit = (root: Node): void => {
    if (done.has(root)) return;
    const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
    done.add(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!done.has(input.node)) {
        done.add(input.node);
        stack.push({ node: input.node, next: 0 });
      }
    }
  };
  for (const value of graph.inputs.values()) visit(value.node);
  for (const value of graph.outputs.values()) visit(value.node);
  return order;
}

export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value): unknown => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of topological(graph)) node.inputs.forEach(use);
  for (const value of graph.outputs.values()) use(value);
  return uses;
}

/** Whether a graph, or a body in it, has an op. */
export const contains = (graph: Graph, ops: readonly Op[]): boolean =>
  topological(graph).some(node => ops.includes(node.op) || node.bodies.some(body => contains(body, ops)));

export const countNodes = (graph: Graph): number =>
  topological(graph).reduce(
    (sum, node) => sum + 1 + node.bodies.reduce((inner, body) => inner + countNodes(body), 0),
    0,
  );
