import { type Shape } from '../tensor/dim.ts';
import type { Dim } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AttributesOf, Codecs } from './attributes.ts';

/** Type and shape of a value. Ranks are always known; sizes may be symbolic. */
export interface Type {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** One output of a node. Values are compared by identity. */
export interface Value extends Type {
  readonly node: Node;
  readonly index: number;
  /**
   * The elements of a small integer value as sizes, in row-major order: shape arithmetic runs on these, so that what the
   * graph determines about a shape is known although the picture's size is not.
   */
  readonly partialValue: readonly Dim[] | undefined;
}

export interface Node<C extends Codecs = Codecs> {
  readonly op: Op<C>;
  /** The name of the TensorFlow node this one comes from; several nodes may share it, and the IR makes them unique. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attrs: AttributesOf<C>;
  readonly bodies: readonly Graph[];
  readonly outputs: readonly Value[];
  /** The elements of a Constant. */
  readonly constant: Tensor | undefined;
}

/**
 * An OpenVINO operation as a value: its attributes, what it makes of types, and, where it is cheap and needed, what it
 * makes of elements.
 */
export interface Op<C extends Codecs = Codecs> {
  readonly type: string;
  /** The opset that introduced this form of the op. */
  readonly opset: string;
  readonly attributes: C;
  /** @throws DecantError `malformed` when the inputs do not fit the op */
  infer(inputs: readonly Value[], attrs: AttributesOf<C>, bodies: readonly Graph[]): readonly Type[];
  /** The outputs for constant inputs; the types are those that `infer` gave. */
  evaluate?(inputs: readonly Tensor[], attrs: AttributesOf<C>, types: readonly StaticType[]): readonly Tensor[];
  /** Whether `evaluate` knows inputs of these types; all of them by default. */
  evaluates?(inputs: readonly StaticType[], attrs: AttributesOf<C>): boolean;
  /** That `evaluate` only moves elements, of the first input or of all of them: sizes among them move along. */
  readonly permutesElements?: 'first' | 'all';
  /** The output's elements as sizes, where the inputs' are known as such. */
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

/**
 * A directed acyclic graph, reached from its outputs. The maps hold the public names, in order: no pass can lose one, and
 * what is not reachable does not exist.
 */
export interface Graph {
  readonly name: string;
  /** Parameters by name. */
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
}

/** Marks, for the compiler alone, a node of which the op is known; without it a "no" would rule out every node. */
declare const known: unique symbol;

/** Whether `node` is an `op`, and its attributes therefore that op's. */
export const is = <C extends Codecs>(node: Node, op: Op<C>): node is Node<C> & { readonly [known]: C } =>
  (node.op as unknown) === op;

/** The elements of a constant value. */
export const constantOf = (value: Value): Tensor | undefined => value.node.constant;

/** All nodes that the outputs need and all parameters, each after its inputs; the order depends on the graph alone. */
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

/** How often each value is used, outputs of the graph included. */
export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value): unknown => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of topological(graph)) node.inputs.forEach(use);
  for (const value of graph.outputs.values()) use(value);
  return uses;
}

/** The number of nodes, those of bodies included. */
export const countNodes = (graph: Graph): number =>
  topological(graph).reduce(
    (sum, node) => sum + 1 + node.bodies.reduce((inner, body) => inner + countNodes(body), 0),
    0,
  );
