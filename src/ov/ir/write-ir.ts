import { type Graph, is, type Node, topological, type Type, type Value } from '../graph.ts';
import { isReal } from '../../tensor/element-type.ts';
import { Convert } from '../ops/type.ts';
import { writeBodies } from './write-bodies.ts';
import type { Ir, RtInfo } from './ir.ts';
import { uniqueNames } from './unique-names.ts';
import { precisionOf } from './precision.ts';
import { separateOutputs } from './separate-outputs.ts';
import { Weights } from './weights.ts';
import { closed, element, type Element, render, type WrittenGraph } from './xml.ts';

export interface WriteOptions {
  readonly name?: string;
  readonly rtInfo?: RtInfo;
}

/** Writes a graph as OpenVINO IR v11, deterministically. */
export function writeIr(graph: Graph, { name = graph.name, rtInfo = {} }: WriteOptions = {}): Ir {
  const weights = new Weights();
  const net = element('net', { name, version: '11' }, [
    ...writeGraph(separateOutputs(graph), weights, true).elements,
    element('rt_info', {}, writeRtInfo(rtInfo)),
  ]);
  const bytesByType = Object.fromEntries(weights.bytesByType);
  return { xml: `<?xml version="1.0"?>\n${render(net)}`, bin: weights.parts, bytesByType };
}

function writeGraph(graph: Graph, weights: Weights, isModel: boolean): WrittenGraph {
  const nodes = topological(graph);
  const names = uniqueNames(nodes);
  const ids = new Map(nodes.map((node, id) => [node, id]));
  // A compiled model takes the names of its inputs and outputs from the tensors.
  const publicNames = isModel ? [...graph.inputs, ...graph.outputs] : [];
  const tensorNames = new Map(publicNames.map(([name, value]) => [value, name]));
  const layers: Element[] = [];
  const edges: Element[] = [];
  const connect = (from: Value, layer: number, port: number): void => {
    const source = { 'from-layer': ids.get(from.node)!, 'from-port': from.node.inputs.length + from.index };
    edges.push(closed('edge', { ...source, 'to-layer': layer, 'to-port': port }));
  };
  nodes.forEach((node, id) => {
    layers.push(writeLayer(node, id, names.get(node)!, tensorNames, weights));
    node.inputs.forEach((input, port) => {
      connect(input, id, port);
    });
  });
  const results = [...graph.outputs].map(([name, value], i) => {
    const id = nodes.length + i;
    const outputNames = isModel ? { output_names: escapeComma(name) } : {};
    layers.push(
      element('layer', { id, name: `${name}/sink_port_0`, type: 'Result', version: 'opset1', ...outputNames }, [
        element('input', {}, [port(0, value)]),
      ]),
    );
    connect(value, id, 0);
    return id;
  });
  const parameters = [...graph.inputs.values()].map(value => ids.get(value.node)!);
  return { elements: [element('layers', {}, layers), element('edges', {}, edges)], parameters, results };
}

function writeLayer(
  node: Node,
  id: number,
  name: string,
  tensorNames: ReadonlyMap<Value, string>,
  weights: Weights,
): Element {
  const children: Element[] = [];
  const data = dataOf(node, weights);
  if (Object.keys(data).length > 0) children.push(closed('data', data));
  // OpenVINO computes in 8 bits only from integers that are not marked.
  if (is(node, Convert) && node.attrs.decompression && isReal(node.inputs[0]!.type)) {
    children.push(element('rt_info', {}, [closed('attribute', { name: 'decompression', version: '0' })]));
  }
  const inputs = node.inputs.map((value, i) => port(i, value));
  if (inputs.length > 0) children.push(element('input', {}, inputs));
  const outputs = node.outputs.map((value, i) => port(node.inputs.length + i, value, tensorNames.get(value)));
  children.push(element('output', {}, outputs), ...writeBodies(node, body => writeGraph(body, weights, false)));
  return element('layer', { id, name, type: node.op.type, version: node.op.opset }, children);
}

type Data = Readonly<Record<string, string | number>>;

function dataOf(node: Node, weights: Weights): Data {
  if (node.constant !== undefined) {
    const { type, shape } = node.constant;
    return { element_type: type, shape: shape.join(', '), ...weights.place(node.constant) };
  }
  if (node.bodies.length > 0) return {};
  const written: Record<string, string> = {};
  for (const [attribute, codec] of Object.entries(node.op.attributes)) {
    // `writeLayer` writes it as `<rt_info>`.
    if (is(node, Convert) && attribute === 'decompression') continue;
    written[attribute] = codec.write(node.attrs[attribute]);
  }
  return written;
}

function port(id: number, { type, shape }: Type, name?: string): Element {
  const named = name === undefined ? {} : { names: escapeComma(name) };
  return element(
    'port',
    { id, precision: precisionOf(type), ...named },
    shape.map(dim => element('dim', {}, [typeof dim === 'number' ? String(dim) : '-1'])),
  );
}

const escapeComma = (name: string): string => name.replaceAll(',', '\\,');

/** Writes names that are not valid tags as `<info name="...">`, like OpenVINO. */
const writeRtInfo = (info: RtInfo): readonly Element[] =>
  Object.entries(info).map(([name, value]) => {
    const isTag = /^(?!info$)[A-Za-z_][\w.-]*$/.test(name);
    const tag = isTag ? name : 'info';
    const attributes = isTag ? {} : { name };
    return typeof value === 'string'
      ? closed(tag, { ...attributes, value })
      : element(tag, attributes, writeRtInfo(value));
  });
