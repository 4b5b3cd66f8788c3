import { DecantError } from '../errors.ts';
import { formatShape, isStaticDim, type Shape } from '../tensor/dim.ts';
import { Constant, Parameter } from './ops/infrastructure.ts';
import { type Graph, type Node, topological } from './graph.ts';

/**
 * Checks what the types cannot: that every node's outputs are what its op infers from its inputs, that parameters are
 * public, and the same for bodies.
 * @throws DecantError `internal` with the node that breaks it
 */
export function verify(graph: Graph): void {
  const parameters = new Set([...graph.inputs.values()].map(value => value.node));
  for (const node of topological(graph)) {
    if ((node.op as unknown) === Parameter && !parameters.has(node))
      throw broken(node, 'is a parameter without a public name');
    node.outputs.forEach((value, i) => {
      if (value.node !== node || value.index !== i) throw broken(node, `does not own its output ${i}`);
    });
    node.inputs.forEach((value, i) => {
      if (value.node.outputs[value.index] !== value) throw broken(node, `has an input ${i} that nobody gives`);
    });
    if ((node.op as unknown) !== Constant) verifyTypes(node);
    node.bodies.forEach(verify);
  }
  for (const [name, value] of graph.outputs) {
    if (value.node.outputs[value.index] !== value) throw broken(value.node, `does not give the output '${name}'`);
  }
}

function verifyTypes(node: Node): void {
  const types = node.op.infer(node.inputs, node.attrs, node.bodies);
  if (types.length !== node.outputs.length)
    throw broken(node, `gives ${node.outputs.length} outputs, not ${types.length}`);
  types.forEach(({ type, shape }, i) => {
    const output = node.outputs[i]!;
    if (type !== output.type || !agrees(shape, output.shape)) {
      throw broken(node, `gives ${output.type}${formatShape(output.shape)}, not ${type}${formatShape(shape)}`);
    }
  });
}

/** Sizes that are known on both sides are equal; an inferred unknown gets a new name each time. */
const agrees = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => !isStaticDim(dim) || !isStaticDim(b[i]!) || dim === b[i]);

const broken = (node: Node, what: string): DecantError =>
  new DecantError('internal', `${node.op.type} '${node.name}' ${what}`);
