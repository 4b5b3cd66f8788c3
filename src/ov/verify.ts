import { DecantError } from '../errors.ts';
import { formatShape, isStaticDim, type Shape } from '../tensor/dim.ts';
import { Constant, Parameter } from './ops/infrastructure.ts';
import { type Graph, type Node, topological } from './graph.ts';

/**
 * Checks the invariants of a graph and its bodies: outputs have the types that their ops infer, inputs and outputs belong
 * to their nodes, and every Parameter is an input of the graph.
 */
export function verify(graph: Graph): void {
  const parameters = new Set([...graph.inputs.values()].map(value => value.node));
  for (const node of topological(graph)) {
    if ((node.op as unknown) === Parameter && !parameters.has(node)) throw broken(node, 'is not an input of the graph');
    node.outputs.forEach((value, i) => {
      if (value.node !== node || value.index !== i) throw broken(node, `does not own its output ${i}`);
    });
    node.inputs.forEach((value, i) => {
      if (value.node.outputs[value.index] !== value) throw broken(node, `has an input ${i} that no node owns`);
    });
    if ((node.op as unknown) !== Constant) verifyTypes(node);
    node.bodies.forEach(verify);
  }
  for (const [name, value] of graph.outputs) {
    if (value.node.outputs[value.index] !== value) throw broken(value.node, `does not own the graph output '${name}'`);
  }
}

function verifyTypes(node: Node): void {
  const types = node.op.infer(node.inputs, node.attrs, node.bodies);
  if (types.length !== node.outputs.length)
    throw broken(node, `has ${node.outputs.length} outputs, but its op infers ${types.length}`);
  types.forEach(({ type, shape }, i) => {
    const output = node.outputs[i]!;
    if (type !== output.type || !agrees(shape, output.shape)) {
      const actual = `${output.type}${formatShape(output.shape)}`;
      throw broken(node, `has type ${actual}, but its op infers ${type}${formatShape(shape)}`);
    }
  });
}

/** Whether sizes known on both sides are equal; inferring a new unknown names it differently each time. */
const agrees = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => !isStaticDim(dim) || !isStaticDim(b[i]!) || dim === b[i]);

const broken = (node: Node, what: string): DecantError =>
  new DecantError('internal', `${node.op.type} '${node.name}' ${what}`);
