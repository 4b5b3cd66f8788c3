import { describe, expect, it } from 'vitest';
import { symbol } from '../../tensor/dim.ts';
import { packStrings } from '../../tensor/strings.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { type Graph, topological, type Value } from '../graph.ts';
import { Convolution } from '../ops/convolution.ts';
import { Add } from '../ops/arithmetic.ts';
import { Clamp, Relu } from '../ops/activation.ts';
import { Convert } from '../ops/type.ts';
import { verify } from '../verify.ts';
import { joinBin, type RtInfo } from './ir.ts';
import { readIr } from './read-ir.ts';
import { readRtInfo } from './read-rt-info.ts';
import { writeIr } from './write-ir.ts';

const graphOf = (
  inputs: Readonly<Record<string, Value>>,
  outputs: Readonly<Record<string, Value>>,
  name = 'g',
): Graph => ({ name, inputs: new Map(Object.entries(inputs)), outputs: new Map(Object.entries(outputs)) });

const readBack = (graph: Graph, rtInfo: RtInfo = {}) => {
  const { xml, bin } = writeIr(graph, { rtInfo });
  return readIr(xml, joinBin(bin));
};

const ODD_NAMES = [
  'a,b',
  'a\\,b',
  '<x & "y">',
  "it's",
  'tab\tline\nreturn\r',
  ' spaces ',
  'ünï→✓',
  '0/1:2',
  'constructor',
];

describe('writeIr', () => {
  it('is deterministic', () => {
    const make = (): Graph => {
      const b = new Builder();
      const x = b.parameter('x', 'f32', [1, 3, symbol('h'), 8]);
      const filters = b.constant(tensorOf('f32', [8, 3, 3, 3], new Float32Array(216).fill(0.5)));
      const attrs = { strides: [1, 1], dilations: [1, 1], pads_begin: [1, 1], pads_end: [1, 1] };
      return graphOf({ x }, { y: b.add(Convolution, [x, filters], attrs) });
    };
    const first = writeIr(make());
    const second = writeIr(make());
    expect(second.xml).toBe(first.xml);
    expect(joinBin(second.bin)).toEqual(joinBin(first.bin));
    const graph = make();
    expect(writeIr(graph).xml).toBe(writeIr(graph).xml);
  });

  it.each(ODD_NAMES)('keeps the name %j of inputs, outputs and the model', name => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    b.origin = name;
    const { graph } = readBack(graphOf({ [name]: x }, { [name]: b.add(Relu, [x]) }, name));
    expect([graph.name, ...graph.inputs.keys(), ...graph.outputs.keys()]).toEqual([name, name, name]);
    expect([...graph.outputs.values()].map(({ node }) => node.name)).toEqual([name]);
  });

  it('replaces characters that XML cannot represent', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    const { graph } = readBack(graphOf({ 'a\0b\x1f': x }, { y: b.add(Relu, [x]) }));
    expect([...graph.inputs.keys()]).toEqual(['a\ufffdb\ufffd']);
  });

  it('keeps the order of inputs and outputs, including unused inputs', () => {
    const b = new Builder();
    const [z, a, m] = ['z', 'a', 'm'].map(name => b.parameter(name, 'f32', [2]));
    const sum = b.add(Add, [a!, z!]);
    const { graph } = readBack(graphOf({ z: z!, a: a!, m: m! }, { second: b.add(Relu, [sum]), first: sum }));
    expect([...graph.inputs.keys()]).toEqual(['z', 'a', 'm']);
    expect([...graph.outputs.keys()]).toEqual(['second', 'first']);
  });

  it('writes a separate tensor for every public name', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    const y = b.add(Relu, [x]);
    const one = b.constant(tensorOf('f32', [1], [1]));
    const { graph } = readBack(graphOf({ x }, { x, same: x, a: y, b: y, c: one, d: one }));
    verify(graph);
    expect([...graph.outputs.keys()]).toEqual(['x', 'same', 'a', 'b', 'c', 'd']);
    const values = [...graph.inputs.values(), ...graph.outputs.values()];
    expect(new Set(values).size).toBe(values.length);
    expect(topological(graph).filter(({ op }) => op === (Relu as unknown)).length).toBe(1);
  });

  it.each([
    tensorOf('f32', [], [1.5]),
    tensorOf('f32', [0, 3], []),
    tensorOf('f32', [4], [NaN, Infinity, -Infinity, -0]),
    tensorOf('f16', [3], [1, 0.1, 65504]),
    tensorOf('boolean', [2], [1, 0]),
    { type: 'i64', shape: [1], data: new BigInt64Array([-(2n ** 63n)]) } as const,
    { type: 'u4', shape: [3], data: new Uint8Array([0x21, 3]) } as const,
    { type: 'u1', shape: [10], data: new Uint8Array([0xb2, 0xc0]) } as const,
    packStrings([2], ['a', 'bé']),
  ])('keeps the constant $type$shape', constant => {
    const b = new Builder();
    const { graph } = readBack(graphOf({}, { y: b.constant(constant) }));
    expect(graph.outputs.get('y')!.node.constant).toEqual(constant);
  });

  it('stores equal constants once', () => {
    const b = new Builder();
    const values = Array.from({ length: 3 }, () => b.constant(tensorOf('f32', [100], [1, 2, 3])));
    const { bin } = writeIr(graphOf({}, Object.fromEntries(values.map((value, i) => [`y${i}`, value]))));
    expect(joinBin(bin).byteLength).toBe(400);
  });

  it('writes numbers in the spelling of OpenVINO', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    const { xml } = writeIr(graphOf({ x }, { y: b.add(Clamp, [x], { min: -Infinity, max: 1e-7 }) }));
    expect(xml).toContain('<data min="-inf" max="1e-7" />');
  });

  it('marks only the Converts of f16 weights as decompression', () => {
    const b = new Builder();
    const halves = b.constant(tensorOf('f16', [2], [1, 2]));
    const weights = b.add(Convert, [halves], { destination_type: 'f32', decompression: true });
    const x = b.parameter('x', 'i32', [2]);
    const plain = b.add(Convert, [x], { destination_type: 'f32' });
    const { xml } = writeIr(graphOf({ x }, { y: b.add(Add, [weights, plain]) }));
    expect(xml.match(/<data destination_type="f32" \/>/g)?.length).toBe(2);
    expect(xml.match(/<attribute name="decompression" version="0" \/>/g)?.length).toBe(1);
    const again = readIr(xml, joinBin(writeIr(graphOf({ x }, { y: b.add(Add, [weights, plain]) })).bin)).graph;
    const converts = again.outputs.get('y')!.node.inputs.map(({ node }) => node.attrs['decompression']);
    expect(converts).toEqual([true, false]);
  });

  it('writes unknown sizes as ? and -1', () => {
    const b = new Builder();
    const x = b.parameter('x', 'u8', [1, symbol('h'), symbol('w'), 3]);
    const { xml } = writeIr(graphOf({ x }, { y: b.add(Convert, [x], { destination_type: 'f32' }) }));
    expect(xml).toContain('<data shape="1,?,?,3" element_type="u8" />');
    expect(xml).toContain('<dim>-1</dim>');
  });
});

describe('rt_info', () => {
  const info: RtInfo = {
    decant: { version: '1.0', options: { 'input shape': '[1,2]', info: 'a', value: 'b', empty: '' } },
    'odd <name>': { '': 'nameless', 'a:b': 'c' },
    info: { name: 'd' },
    nothing: {},
    'text\n"quoted"': 'line\nline',
  };
  const b = new Builder();
  const x = b.parameter('x', 'f32', [2]);
  const graph = graphOf({ x }, { y: b.add(Relu, [x]) });

  it('round-trips any names', () => {
    expect(readBack(graph, info).rtInfo).toEqual(info);
    expect(readBack(graph).rtInfo).toEqual({});
  });

  it('is read without the rest of the IR', () => {
    expect(readRtInfo(writeIr(graph, { rtInfo: info }).xml)).toEqual(info);
    expect(readRtInfo(writeIr(graph).xml)).toEqual({});
  });
});
