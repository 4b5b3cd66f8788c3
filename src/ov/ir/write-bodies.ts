import { type Graph, is, type Node } from '../graph.ts';
import { If, Loop, type LoopInput, type LoopOutput, type Slicing, TensorIterator } from '../ops/control-flow.ts';
import { closed, type Element, element, type WrittenGraph } from './xml.ts';

export function writeBodies(node: Node, write: (body: Graph) => WrittenGraph): readonly Element[] {
  const bodies = node.bodies.map(write);
  if (is(node, If)) {
    const then = bodies[0]!;
    const otherwise = bodies[1]!;
    return [
      element('then_port_map', {}, ifPorts(node, then, node.attrs.inputs[0])),
      element('else_port_map', {}, ifPorts(node, otherwise, node.attrs.inputs[1])),
      element('then_body', {}, then.elements),
      element('else_body', {}, otherwise.elements),
    ];
  }
  if (is(node, Loop))
    return loopElements(node, bodies[0]!, node.attrs.inputs, node.attrs.outputs, node.attrs.condition);
  if (is(node, TensorIterator)) return loopElements(node, bodies[0]!, node.attrs.inputs, node.attrs.outputs, undefined);
  return [];
}

const ifPorts = (node: Node, body: WrittenGraph, inputs: readonly number[]): readonly Element[] => [
  ...body.parameters.map((id, i) => closed('input', { external_port_id: inputs[i]!, internal_layer_id: id })),
  ...body.results.map((id, i) => closed('output', { external_port_id: node.inputs.length + i, internal_layer_id: id })),
];

function loopElements(
  node: Node,
  body: WrittenGraph,
  inputs: readonly LoopInput[],
  outputs: readonly LoopOutput[],
  condition: number | undefined,
): readonly Element[] {
  const ports: Element[] = [];
  const backEdges: Element[] = [];
  inputs.forEach((input, i) => {
    const id = body.parameters[i]!;
    if (input.kind === 'iteration') {
      ports.push(closed('input', { external_port_id: -1, internal_layer_id: id, purpose: 'current_iteration' }));
      return;
    }
    const slicing = input.kind === 'sliced' ? slicingAttributes(input.slicing) : {};
    ports.push(closed('input', { ...slicing, external_port_id: input.input, internal_layer_id: id }));
    if (input.kind === 'merged') {
      backEdges.push(closed('edge', { 'from-layer': body.results[input.from]!, 'to-layer': id }));
    }
  });
  outputs.forEach((output, i) => {
    const slicing = output.kind === 'concatenated' ? slicingAttributes(output.slicing) : {};
    const mapping = { external_port_id: node.inputs.length + i, internal_layer_id: body.results[output.from]! };
    ports.push(closed('output', { ...slicing, ...mapping }));
  });
  if (condition !== undefined) {
    const mapping = { external_port_id: -1, internal_layer_id: body.results[condition]! };
    ports.push(closed('output', { ...mapping, purpose: 'execution_condition' }));
  }
  return [element('port_map', {}, ports), element('back_edges', {}, backEdges), element('body', {}, body.elements)];
}

const slicingAttributes = ({ axis, start, end, stride, part_size }: Slicing): Element['attributes'] => ({
  axis,
  start,
  end,
  stride,
  part_size,
});
