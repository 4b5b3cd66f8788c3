import { shapeEquals } from '../../tensor/dim.ts';
import { constantOf, type Graph, is, type Node, topological, type Value } from '../graph.ts';
import { Loop } from '../ops/control-flow.ts';
import { Gather } from '../ops/gather.ts';
import { Broadcast } from '../ops/movement.ts';
import { ShapeOf } from '../ops/shape.ts';
import { rewrite } from '../rewrite.ts';
import { uniformElement } from '../uniform-element.ts';
import { plainAxis } from './gather-rules.ts';
import { rule } from './rule.ts';

type LoopNode = Node<(typeof Loop)['attributes']>;

/** A value outside of a loop that all iterations read, and the parameter that it is in the body. */
interface Invariant {
  readonly input: number;
  readonly value: Value;
  readonly name: string;
  readonly parameter: Value;
}

/** Loop(Broadcast(c, shape))  ->  a Loop that broadcasts c. If c is a constant: then the body knows its elements. */
export const uniformInvariant = rule('uniform-invariant', 'constants moved into loops', [Loop], (node, { b }) => {
  const [body] = node.bodies as readonly [Graph];
  const found = invariants(node).find(({ value, parameter }) => {
    const isRead = readers(body, parameter).some(({ op }) => op !== ShapeOf);
    const isUniform = value.node.op === Broadcast && value.node.inputs[0]!.shape.length === 0;
    return isRead && isUniform && uniformElement(value.node.inputs[0]!) !== undefined;
  });
  if (found === undefined) return undefined;
  const shape = b.add(ShapeOf, [found.parameter]);
  const uniform = b.add(Broadcast, [found.value.node.inputs[0]!, shape]);
  const changed = rewrite(body, inner => (inner.outputs[0] === found.parameter ? [uniform] : undefined));
  return b.rebuild(node, node.inputs, [changed]);
});

/**
 * Loop(f(x))  ->  a Loop that computes f of each item. If the body gathers items, and f is elementwise: then the gathers of
 * image resizing can precede it.
 */
export const elementwiseInvariant = rule(
  'elementwise-invariant',
  'element-wise ops moved into loops',
  [Loop],
  (node, { b, uses }) => {
    const [body] = node.bodies as readonly [Graph];
    for (const { value, parameter, name, input } of invariants(node)) {
      const x = elementwiseInput(value);
      const readsItems = readers(body, parameter).every(reader => reader.op === ShapeOf || isItem(reader));
      if (x === undefined || uses(value) !== 1 || !readsItems) continue;
      const before = b.parameter(name, x.type, x.shape);
      const changed = rewrite(body, (reader, { b: inner }) => {
        if (!reader.inputs.includes(parameter)) return undefined;
        const item = inner.rebuild(reader, [before, ...reader.inputs.slice(1)]);
        if (reader.op === ShapeOf) return item;
        return inner.rebuild(
          value.node,
          value.node.inputs.map(own => (own === x ? item[0]! : own)),
        );
      });
      const parameters = new Map([...body.inputs].map(([own, old]) => [own, own === name ? before : old]));
      const inputs = node.inputs.map((own, i) => (i === input ? x : own));
      return b.rebuild(node, inputs, [{ ...changed, inputs: parameters }]);
    }
    return undefined;
  },
);

/** Whether a node gathers a single item. */
const isItem = (node: Node): boolean => is(node, Gather) && plainAxis(node) === 0 && node.inputs[1]!.shape.length === 0;

function invariants({ attrs, inputs, bodies }: LoopNode): readonly Invariant[] {
  const parameters = [...bodies[0]!.inputs];
  return attrs.inputs.flatMap((from, i) => {
    const [name, parameter] = parameters[i]!;
    return from.kind === 'invariant' ? [{ input: from.input, value: inputs[from.input]!, name, parameter }] : [];
  });
}

const readers = (body: Graph, parameter: Value): readonly Node[] =>
  topological(body).filter(({ inputs }) => inputs.includes(parameter));

/** The input of an elementwise op whose other inputs are constants that are the same for all items. */
function elementwiseInput({ node, shape }: Value): Value | undefined {
  const { elementwise, broadcast } = node.op.traits ?? {};
  if (elementwise !== true || broadcast === 'first' || node.outputs.length > 1) return undefined;
  const [x, ...others] = node.inputs.filter(input => constantOf(input) === undefined);
  const constants = node.inputs.filter(input => constantOf(input) !== undefined);
  const isOnly = x !== undefined && others.length === 0 && shapeEquals(x.shape, shape);
  return isOnly && constants.every(constant => constant.shape.length < shape.length) ? x : undefined;
}
