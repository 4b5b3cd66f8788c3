import { DecantError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import type { LoopInput, LoopOutput, Slicing } from '../ops/control-flow.ts';
import type { Layer, ReadGraph } from './layer.ts';
import { childOf, childrenOf, integerOf, type XmlElement } from './parse-xml.ts';

interface Bodies {
  readonly attrs: object;
  readonly graphs: readonly Graph[];
}

type ReadBody = (element: XmlElement, name: string) => ReadGraph;

export function readBodies(layer: Layer, inputCount: number, read: ReadBody): Bodies | undefined {
  const { element } = layer;
  if (layer.type === 'If') {
    const branches = (['then', 'else'] as const).map(branch => {
      const body = bodyOf(layer, `${branch}_body`, read);
      const map = childOf(element, `${branch}_port_map`);
      const inputs = inParameterOrder(childrenOf(map, 'input'), body.parameters).map(port => inputOf(port, inputCount));
      const results = childrenOf(map, 'output')
        .toSorted((a, b) => integerOf(a, 'external_port_id') - integerOf(b, 'external_port_id'))
        .map(port => indexOf(body.results, integerOf(port, 'internal_layer_id')));
      return { inputs, graph: withResults(body.graph, results) };
    });
    return { attrs: { inputs: branches.map(({ inputs }) => inputs) }, graphs: branches.map(({ graph }) => graph) };
  }
  if (layer.type !== 'Loop' && layer.type !== 'TensorIterator') return undefined;
  const body = bodyOf(layer, 'body', read);
  const map = childOf(element, 'port_map');
  const backEdges = new Map(
    childrenOf(childOf(element, 'back_edges'), 'edge').map(edge => [
      integerOf(edge, 'to-layer'),
      indexOf(body.results, integerOf(edge, 'from-layer')),
    ]),
  );
  const inputs = inParameterOrder(childrenOf(map, 'input'), body.parameters).map(port =>
    loopInput(port, backEdges, inputCount),
  );
  const ports = childrenOf(map, 'output');
  const condition = ports.find(port => port.attributes['purpose'] === 'execution_condition');
  const outputs = ports
    .filter(port => integerOf(port, 'external_port_id') >= 0)
    .toSorted((a, b) => integerOf(a, 'external_port_id') - integerOf(b, 'external_port_id'))
    .map(port => loopOutput(port, body.results));
  const loop = { inputs, outputs };
  if (layer.type === 'TensorIterator') return { attrs: loop, graphs: [body.graph] };
  if (condition === undefined) throw new DecantError('malformed', 'the Loop has no condition');
  const attrs = { ...loop, condition: indexOf(body.results, integerOf(condition, 'internal_layer_id')) };
  return { attrs, graphs: [body.graph] };
}

function bodyOf(layer: Layer, tag: string, read: ReadBody): ReadGraph {
  const element = childOf(layer.element, tag);
  if (element === undefined) throw new DecantError('malformed', `the ${layer.type} has no <${tag}>`);
  return read(element, `${layer.name}/${tag}`);
}

function indexOf(positions: ReadonlyMap<number, number>, layer: number): number {
  const position = positions.get(layer);
  if (position === undefined)
    throw new DecantError('malformed', `a port map refers to layer ${layer}, which is not in the body`);
  return position;
}

function inParameterOrder(
  ports: readonly XmlElement[],
  parameters: ReadonlyMap<number, number>,
): readonly XmlElement[] {
  const byPosition = new Map(
    ports.map(port => [indexOf(parameters, integerOf(port, 'internal_layer_id')), port] as const),
  );
  return Array.from({ length: parameters.size }, (_, position) => {
    const port = byPosition.get(position);
    if (port === undefined)
      throw new DecantError('malformed', `parameter ${position} of a body is not mapped to an input`);
    return port;
  });
}

function inputOf(port: XmlElement, count: number): number {
  const input = integerOf(port, 'external_port_id');
  if (input < 0 || input >= count)
    throw new DecantError('malformed', `a port map refers to input ${input}, but the layer has ${count} inputs`);
  return input;
}

function withResults(graph: Graph, order: readonly number[]): Graph {
  const entries = [...graph.outputs];
  return { ...graph, outputs: new Map(order.map(position => entries[position]!)) };
}

const slicingOf = (port: XmlElement): Slicing => ({
  axis: integerOf(port, 'axis'),
  start: integerOf(port, 'start'),
  end: integerOf(port, 'end'),
  stride: integerOf(port, 'stride'),
  part_size: integerOf(port, 'part_size'),
});

function loopInput(port: XmlElement, backEdges: ReadonlyMap<number, number>, inputCount: number): LoopInput {
  if (port.attributes['purpose'] === 'current_iteration') return { kind: 'iteration' };
  const input = inputOf(port, inputCount);
  const from = backEdges.get(integerOf(port, 'internal_layer_id'));
  if (from !== undefined) return { kind: 'merged', input, from };
  if (port.attributes['axis'] !== undefined) return { kind: 'sliced', input, slicing: slicingOf(port) };
  return { kind: 'invariant', input };
}

function loopOutput(port: XmlElement, results: ReadonlyMap<number, number>): LoopOutput {
  const from = indexOf(results, integerOf(port, 'internal_layer_id'));
  if (port.attributes['axis'] !== undefined) return { kind: 'concatenated', from, slicing: slicingOf(port) };
  return { kind: 'last', from };
}
