import { DecantError, within } from '../../errors.ts';
import { elementType as elementTypeNamed, tensorFromBytes } from '../../tensor/tensor.ts';
import type { Codecs } from '../attributes.ts';
import { Builder } from '../builder.ts';
import type { Graph, Op, Type, Value } from '../graph.ts';
import { Parameter } from '../ops/graph-ends.ts';
import { findOp } from '../ops/index.ts';
import { readBodies } from './read-bodies.ts';
import { foreignOp } from './foreign.ts';
import type { RtInfo } from './ir.ts';
import { type Layer, readLayer } from './layer.ts';
import { attributeOf, childOf, childrenOf, integerOf, parseXml, type XmlElement } from './parse-xml.ts';

/** What stands in an IR. */
export interface ReadIr {
  readonly graph: Graph;
  readonly rtInfo: RtInfo;
}

/**
 * The graph of an IR of version 10 or 11, whoever wrote it. Ops that decant does not know are kept with their attributes
 * and types as they stand.
 * @throws DecantError `malformed` or `not-a-model`
 */
export function readIr(xml: string, bin: Uint8Array): ReadIr {
  const net = parseXml(xml);
  const version = Number(net.attributes['version']);
  if (net.tag !== 'net' || (version !== 10 && version !== 11)) {
    throw new DecantError('not-a-model', 'this XML is not an OpenVINO IR of version 10 or 11');
  }
  const { graph } = readGraph(net, bin, net.attributes['name'] ?? '');
  const info = childOf(net, 'rt_info');
  return { graph, rtInfo: info === undefined ? {} : readRtInfo(info) };
}

export interface ReadGraph {
  readonly graph: Graph;
  /** Layer ids to positions among the graph's parameters and results. */
  readonly parameters: ReadonlyMap<number, number>;
  readonly results: ReadonlyMap<number, number>;
}

export function readGraph(element: XmlElement, bin: Uint8Array, name: string): ReadGraph {
  const layers = new Map(
    childrenOf(childOf(element, 'layers'), 'layer').map(layer => {
      const read = readLayer(layer);
      return [read.id, read];
    }),
  );
  const sources = readEdges(element);
  const b = new Builder();
  const values = new Map<number, readonly Value[]>();
  const inputOf = ({ id, name: layer }: Layer, port: number): Value => {
    const source = sources.get(`${id}:${port}`);
    const from = source === undefined ? undefined : layers.get(source.layer);
    const index = from?.outputs.findIndex(output => output.id === source!.port) ?? -1;
    const value = from === undefined ? undefined : values.get(from.id)?.[index];
    if (value === undefined) throw new DecantError('malformed', `input ${port} of layer '${layer}' comes from nowhere`);
    return value;
  };
  const inputs = new Map<string, Value>();
  const outputs = new Map<string, Value>();
  const [parameters, results] = [new Map<number, number>(), new Map<number, number>()];
  for (const layer of inOrder(layers, sources)) {
    within(`reading layer ${layer.type} '${layer.name}'`, () => {
      b.origin = layer.name;
      const given = layer.inputs.map(port => inputOf(layer, port.id));
      if (layer.type !== 'Result') values.set(layer.id, readNode(layer, given, bin, b));
    });
  }
  for (const layer of layers.values()) {
    if (layer.type === 'Parameter') {
      parameters.set(layer.id, inputs.size);
      inputs.set(layer.outputs[0]?.names[0] ?? layer.name, values.get(layer.id)![0]!);
    } else if (layer.type === 'Result') {
      const value = inputOf(layer, layer.inputs[0]!.id);
      const from = sources.get(`${layer.id}:${layer.inputs[0]!.id}`)!;
      const port = layers.get(from.layer)!.outputs.find(output => output.id === from.port);
      results.set(layer.id, outputs.size);
      outputs.set(layer.outputNames?.[0] ?? unusedName(port?.names ?? [], outputs) ?? layer.name, value);
    }
  }
  return { graph: { name, inputs, outputs }, parameters, results };
}

const unusedName = (names: readonly string[], taken: ReadonlyMap<string, Value>): string | undefined =>
  names.find(name => !taken.has(name));

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

/** Layers behind those that they use; the order in the file is nobody's promise. */
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
          throw new DecantError('malformed', `a cycle at layer '${top.layer.name}'`);
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
  const types = layer.outputs.map(port => port.type).filter((type): type is Type => type !== undefined);
  const op = opFor(layer, types);
  if ((op as unknown) === Parameter) {
    const { type, shape } = types[0]!;
    return [b.parameter(layer.name, type, shape)];
  }
  const bodies = readBodies(layer, inputs.length, (element, name) => readGraph(element, bin, name));
  if (bodies !== undefined) return b.addWithBodies(op, inputs, bodies.attrs, bodies.graphs);
  return b.addAll(op, inputs, readAttributes(op, layer));
}

/** The op as decant knows it, if it makes of the layer what the IR says. */
function opFor(layer: Layer, types: readonly Type[]): Op {
  const known = findOp(layer.type, layer.version);
  return known ?? foreignOp(layer.type, layer.version, Object.keys(layer.data), types);
}

function readAttributes<C extends Codecs>(op: Op<C>, layer: Layer): object {
  const attrs: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(op.attributes)) {
    const text = layer.data[name];
    if (name === 'decompression') attrs[name] = layer.isDecompression;
    else if (text !== undefined) attrs[name] = within(`attribute '${name}'`, () => codec.read(text));
    else if (!codec.optional) throw new DecantError('malformed', `attribute '${name}' is missing`);
  }
  return attrs;
}

function readConstant(layer: Layer, bin: Uint8Array, b: Builder): Value {
  const { element_type, shape, offset, size } = layer.data;
  if (element_type === undefined || offset === undefined || size === undefined) {
    throw new DecantError('malformed', 'a constant without element_type, offset or size');
  }
  const dims = (shape ?? '').trim() === '' ? [] : shape!.split(',').map(Number);
  const [start, end] = [Number(offset), Number(offset) + Number(size)];
  if (!(start >= 0 && end <= bin.byteLength)) {
    throw new DecantError('malformed', `bytes ${start} to ${end} lie outside the weights (${bin.byteLength} bytes)`);
  }
  return b.constant(tensorFromBytes(elementTypeNamed(element_type), dims, bin.subarray(start, end)));
}

const readRtInfo = (element: XmlElement): RtInfo =>
  Object.fromEntries(
    element.children.map(child => {
      const name = child.tag === 'info' ? attributeOf(child, 'name') : child.tag;
      return [name, child.attributes['value'] ?? readRtInfo(child)];
    }),
  );
