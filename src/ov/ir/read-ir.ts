import { DecantError } from '../../errors.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { elementType as elementTypeNamed, tensorFromBytes } from '../../tensor/tensor.ts';
import { readAttributes } from '../attributes.ts';
import { Builder } from '../builder.ts';
import type { Graph, Op, Value } from '../graph.ts';
import { findOp } from '../ops/index.ts';
import { Parameter } from '../ops/infrastructure.ts';
import { asMalformed } from '../as-malformed.ts';
import { unknownOp } from './unknown-op.ts';
import type { RtInfo } from './ir.ts';
import { type Layer, type ReadGraph, readLayer } from './layer.ts';
import { childOf, childrenOf, integerFrom, integerOf, parseXml, type XmlElement } from './parse-xml.ts';
import { readBodies } from './read-bodies.ts';
import { toRtInfo } from './read-rt-info.ts';

export interface ReadIr {
  readonly graph: Graph;
  readonly rtInfo: RtInfo;
}

/** Reads an IR of version 10 or 11. Unknown ops keep their attributes and output types. */
export function readIr(xml: string, bin: Uint8Array): ReadIr {
  const net = parseXml(xml);
  const version = Number(net.attributes['version']);
  if (net.tag !== 'net' || (version !== 10 && version !== 11)) {
    throw new DecantError('not-a-model', 'this XML is not an OpenVINO IR of version 10 or 11');
  }
  const { graph } = readGraph(net, bin, net.attributes['name'] ?? '');
  const info = childOf(net, 'rt_info');
  return { graph, rtInfo: info === undefined ? {} : toRtInfo(info) };
}

function readGraph(element: XmlElement, bin: Uint8Array, name: string): ReadGraph {
  const layers = readLayers(element);
  const sources = readEdges(element);
  const b = new Builder();
  const values = new Map<number, readonly Value[]>();
  const inputOf = ({ id, name: layer }: Layer, port: number): Value => {
    const source = sources.get(`${id}:${port}`);
    const from = source === undefined ? undefined : layers.get(source.layer);
    const index = from?.outputs.findIndex(output => output.id === source!.port) ?? -1;
    const value = from === undefined ? undefined : values.get(from.id)?.[index];
    if (value === undefined) throw new DecantError('malformed', `input ${port} of layer '${layer}' is not connected`);
    return value;
  };
  const inputs = new Map<string, Value>();
  const outputs = new Map<string, Value>();
  const parameters = new Map<number, number>();
  const results = new Map<number, number>();
  for (const layer of inOrder(layers, sources)) {
    asMalformed(`reading layer ${layer.type} '${layer.name}'`, () => {
      const given = layer.inputs.map(port => inputOf(layer, port.id));
      const made = layer.type === 'Result' ? given : b.at(layer.name, () => readNode(layer, given, bin, b));
      values.set(layer.id, made);
    });
  }
  for (const layer of layers.values()) {
    if (layer.type !== 'Parameter' && layer.type !== 'Result') continue;
    const [value] = values.get(layer.id)!;
    if (value === undefined) throw new DecantError('malformed', `${layer.type} '${layer.name}' has no port`);
    const isParameter = layer.type === 'Parameter';
    const positions = isParameter ? parameters : results;
    const named = isParameter ? inputs : outputs;
    positions.set(layer.id, named.size);
    named.set(publicName(layer, sources, layers, named), value);
  }
  return { graph: { name, inputs, outputs }, parameters, results };
}

function readLayers(element: XmlElement): ReadonlyMap<number, Layer> {
  const layers = new Map<number, Layer>();
  for (const child of childrenOf(childOf(element, 'layers'), 'layer')) {
    const layer = readLayer(child);
    if (layers.has(layer.id)) throw new DecantError('malformed', `two layers have the id ${layer.id}`);
    layers.set(layer.id, layer);
  }
  return layers;
}

function publicName(
  layer: Layer,
  sources: ReadonlyMap<string, Place>,
  layers: ReadonlyMap<number, Layer>,
  taken: ReadonlyMap<string, Value>,
): string {
  const from = sources.get(`${layer.id}:${layer.inputs[0]?.id ?? -1}`);
  const port =
    from === undefined ? layer.outputs[0] : layers.get(from.layer)?.outputs.find(({ id }) => id === from.port);
  const own = layer.name.replace(/\/sink_port_\d+$/, '');
  const names = [...(layer.outputNames ?? []), ...(port?.names ?? []), own, `${own}/${layer.id}`];
  return names.find(name => !taken.has(name)) ?? `${own}/${layer.id}/${taken.size}`;
}

interface Place {
  readonly layer: number;
  readonly port: number;
}

const readEdges = (element: XmlElement): ReadonlyMap<string, Place> =>
  new Map(
    childrenOf(childOf(element, 'edges'), 'edge').map(edge => [
      `${integerOf(edge, 'to-layer')}:${integerOf(edge, 'to-port')}`,
      { layer: integerOf(edge, 'from-layer'), port: integerOf(edge, 'from-port') },
    ]),
  );

/** Sorts layers after their inputs: a file may list them in any order. */
function inOrder(layers: ReadonlyMap<number, Layer>, sources: ReadonlyMap<string, Place>): readonly Layer[] {
  const order: Layer[] = [];
  const state = new Map<number, 'open' | 'done'>();
  for (const root of layers.values()) {
    const stack = [{ layer: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next === 0) {
        if (state.get(top.layer.id) === 'done') {
          stack.pop();
          continue;
        }
        if (state.get(top.layer.id) === 'open')
          throw new DecantError('malformed', `layer '${top.layer.name}' is part of a cycle`);
        state.set(top.layer.id, 'open');
      }
      const port = top.layer.inputs[top.next++];
      if (port === undefined) {
        state.set(top.layer.id, 'done');
        order.push(top.layer);
        stack.pop();
        continue;
      }
      const source = layers.get(sources.get(`${top.layer.id}:${port.id}`)?.layer ?? -1);
      if (source !== undefined && state.get(source.id) !== 'done') stack.push({ layer: source, next: 0 });
    }
  }
  return order;
}

function readNode(layer: Layer, inputs: readonly Value[], bin: Uint8Array, b: Builder): readonly Value[] {
  if (layer.type === 'Const' || layer.type === 'Constant') return [readConstant(layer, bin, b)];
  if (layer.type === 'Parameter') {
    const { element_type, shape } = readAttributes(Parameter.attributes, layer.data);
    return [b.parameter(layer.name, element_type, shape)];
  }
  const op = findOp(layer.type, layer.version) ?? unknownOpOf(layer);
  const bodies = readBodies(layer, inputs.length, (element, name) => readGraph(element, bin, name));
  if (bodies !== undefined) return b.addWithBodies(op, inputs, bodies.attrs, bodies.graphs);
  const decompression = layer.isDecompression ? { decompression: 'true' } : {};
  return b.addAll(op, inputs, readAttributes(op.attributes, { ...layer.data, ...decompression }));
}

function unknownOpOf({ type, version, data, outputs, element }: Layer): Op {
  if (element.children.some(({ tag }) => tag.endsWith('body'))) {
    throw new DecantError('unsupported', `${type} of ${version} with bodies is not supported`, {
      remedy: 'Write the IR with If, Loop or TensorIterator instead.',
    });
  }
  const types = outputs.map(({ id, type }) => {
    if (type === undefined) throw new DecantError('malformed', `output port ${id} has no precision`);
    return type;
  });
  return unknownOp(type, version, Object.keys(data), types);
}

function readConstant(layer: Layer, bin: Uint8Array, b: Builder): Value {
  const { element_type, shape, offset, size } = layer.data;
  if (element_type === undefined || offset === undefined || size === undefined) {
    throw new DecantError('malformed', 'the constant has no element_type, offset or size');
  }
  const dims = (shape ?? '').trim() === '' ? [] : shape!.split(',').map(integerFrom);
  if (dims.some(dim => dim < 0))
    throw new DecantError('malformed', `the constant has a negative size: [${dims.join(',')}]`);
  const start = integerFrom(offset);
  const end = start + integerFrom(size);
  if (start < 0 || end < start || end > bin.byteLength) {
    throw new DecantError('malformed', `bytes ${start} to ${end} are outside the weights (${bin.byteLength} bytes)`);
  }
  const constant = tensorFromBytes(elementTypeNamed(element_type), dims, bin.subarray(start, end));
  // Unpacking checks the offsets within a string tensor.
  if (constant.type === 'string') unpackStrings(constant);
  return b.constant(constant);
}
