import { describe, expect, it } from 'vitest';
import { formatShape } from '../../tensor/dim.ts';
import { type Graph, topological } from '../graph.ts';
import { verify } from '../verify.ts';
import { readIr } from './read-ir.ts';
import { writeIr } from './write-ir.ts';

const NO_WEIGHTS = new Uint8Array(0);

interface LayerText {
  readonly type: string;
  readonly version?: string;
  readonly data?: string;
  readonly inputs?: number;
  readonly outputs?: readonly string[];
  readonly more?: string;
}

/** A `<layer>`; outputs are the inner text of their ports, input ports come first. */
const layer = (
  id: number | string,
  { type, version = 'opset1', data = '', inputs = 0, outputs = [], more = '' }: LayerText,
) =>
  `<layer id="${id}" name="n${id}" type="${type}" version="${version}"><data ${data}/>` +
  `<input>${Array.from({ length: inputs }, (_, i) => `<port id="${i}"/>`).join('')}</input>` +
  `<output>${outputs.map((dims, i) => `<port id="${inputs + i}" precision="FP32">${dims}</port>`).join('')}</output>${more}</layer>`;

const edge = (from: string, to: string): string => {
  const [fromLayer, fromPort] = from.split(':');
  const [toLayer, toPort] = to.split(':');
  return `<edge from-layer="${fromLayer}" from-port="${fromPort}" to-layer="${toLayer}" to-port="${toPort}"/>`;
};

const net = (layers: readonly string[], edges: readonly string[]): string =>
  `<net name="g" version="11"><layers>${layers.join('')}</layers><edges>${edges.join('')}</edges></net>`;

const parameter = layer(0, { type: 'Parameter', data: 'shape="2,?" element_type="f32"', outputs: [''] });
const relu = layer(1, { type: 'ReLU', inputs: 1, outputs: [''] });
const result = layer(2, { type: 'Result', inputs: 1 });
const edges = [edge('0:0', '1:0'), edge('1:1', '2:0')];
const constant = (data: string): string =>
  net([layer(0, { type: 'Const', data, outputs: [''] }), result], [edge('0:0', '2:0')]);

const read = (xml: string, bin = NO_WEIGHTS): Graph => readIr(xml, bin).graph;

describe('readIr', () => {
  it('infers types and shapes from the ops, ignoring those of the ports', () => {
    const graph = read(net([parameter, relu.replace('FP32">', 'I8"><dim>7</dim>'), result], edges));
    verify(graph);
    const [output] = graph.outputs.values();
    expect(`${output!.type}${formatShape(output!.shape)}`).toBe('f32[2,?]');
  });

  it('reads layers in any order', () => {
    const graph = read(net([result, relu, parameter], edges));
    expect(topological(graph).map(({ op }) => op.type)).toEqual(['Parameter', 'ReLU']);
  });

  it('reads the spellings of other writers: case, precisions, booleans, ranges, brackets', () => {
    const text = net([parameter, relu.replace('"ReLU"', '"relu"'), result], edges)
      .replace('2,?', '[ 2, 1..640 ,..5,-1 ]')
      .replace('"f32"', '"F32"');
    expect(formatShape([...read(text).outputs.values()][0]!.shape)).toBe('[2,?,?,?]');
    const pool = layer(1, {
      type: 'AvgPool',
      data: 'kernel="1,1" strides="1, 1" pads_begin="0,0" pads_end="0,0" exclude-pad="1" auto_pad="VALID"',
      inputs: 1,
      outputs: [''],
    });
    const graph = read(net([parameter.replace('2,?', '1,2,3,4'), pool, result], edges));
    expect([...graph.outputs.values()][0]!.node.attrs).toMatchObject({ 'exclude-pad': true, auto_pad: 'valid' });
  });

  it('fills in default attributes', () => {
    const softmax = layer(1, { type: 'SoftMax', version: 'opset8', inputs: 1, outputs: [''] });
    expect([...read(net([parameter, softmax, result], edges)).outputs.values()][0]!.node.attrs).toEqual({ axis: 1 });
  });

  it('keeps unknown ops, also when writing them again', () => {
    const dims = '<dim>2</dim><dim>-1</dim>';
    const unknown = layer(1, {
      type: 'Fancy.Op',
      version: 'custom',
      data: 'a="1, 2" b=""',
      inputs: 1,
      outputs: [dims, dims],
    });
    const graph = read(net([parameter, unknown, result], [edge('0:0', '1:0'), edge('1:2', '2:0')]));
    const [output] = graph.outputs.values();
    expect([output!.index, output!.node.op.type, output!.node.attrs]).toEqual([1, 'Fancy.Op', { a: '1, 2', b: '' }]);
    const { xml } = writeIr(graph);
    expect(xml).toContain('type="Fancy.Op" version="custom"');
    expect(xml).toContain('<data a="1, 2" b="" />');
    expect(writeIr(read(xml)).xml).toBe(xml);
  });

  it('makes the names of inputs and outputs unique', () => {
    const twin = parameter.replace('id="0" name="n0"', 'id="5" name="n0"');
    const graph = read(
      net(
        [parameter, twin, relu, result, result.replace('id="2" name="n2"', 'id="6" name="n2"')],
        [...edges, edge('5:0', '6:0')],
      ),
    );
    expect([graph.inputs.size, graph.outputs.size]).toEqual([2, 2]);
    expect([...graph.outputs.values()][1]).toBe([...graph.inputs.values()][1]);
  });

  it('prefers the output names of results, then tensor names, then layer names', () => {
    const named = relu.replace('precision="FP32"', 'precision="FP32" names="tensor,other\\,name"');
    const own = result.replace('version="opset1"', 'version="opset1" output_names="mine"');
    const nameOf = (layers: readonly string[]): string => [...read(net(layers, edges)).outputs.keys()][0]!;
    expect(nameOf([parameter, named, own])).toBe('mine');
    expect(nameOf([parameter, named, result])).toBe('tensor');
    expect(nameOf([parameter, relu, result.replace('"n2"', '"layer/sink_port_0"')])).toBe('layer');
    const two = [parameter, named, result, result.replace('id="2"', 'id="3"')];
    expect([...read(net(two, [...edges, edge('1:1', '3:0')])).outputs.keys()]).toEqual(['tensor', 'other,name']);
  });
});

const weights = new Uint8Array(16);

const BROKEN: readonly (readonly [string, RegExp, string])[] = [
  ['an empty file', /XML/, ''],
  ['an image', /XML/, '\u0089PNG\r\n'],
  ['XML of another format', /not an OpenVINO IR/, '<html/>'],
  ['an old version', /version 10 or 11/, '<net version="7"/>'],
  ['an unclosed element', /invalid XML/, '<net version="11"><layers>'],
  ['an undeclared entity', /invalid XML/, '<net version="11" name="&lol;"/>'],
  ['elements nested too deeply', /levels/, '<a>'.repeat(100_000)],
  ['a layer without id', /'id'/, net([parameter.replace('id="0" name', 'name')], [])],
  ['an id that is not a number', /'x' is not an integer/, net([parameter.replace('id="0"', 'id="x"')], [])],
  ['an empty id', /'' is not an integer/, net([parameter.replace('id="0"', 'id=""')], [])],
  ['two layers with one id', /two layers have the id 0/, net([parameter, parameter], [])],
  ['a layer without type', /'type'/, net([parameter.replace('type="Parameter"', '')], [])],
  ['a size that is not a number', /'x' is not an integer/, net([relu.replace('FP32">', 'FP32"><dim>x</dim>')], [])],
  ['an unknown precision', /FP33/, net([parameter, relu.replace('FP32', 'FP33'), result], edges)],
  ['an unknown element type', /f31/, net([parameter.replace('"f32"', '"f31"')], [])],
  ['a parameter without shape', /'shape' is missing/, net([parameter.replace('shape="2,?"', '')], [])],
  ['a parameter of size x', /'x' is not a dimension/, net([parameter.replace('2,?', '2,x')], [])],
  ['a parameter of size 1e400', /is not a dimension/, net([parameter.replace('2,?', '1e400')], [])],
  ['a parameter of a size above 2^53', /size/, net([parameter.replace('2,?', '9'.repeat(30))], [])],
  ['an input that is not connected', /is not connected/, net([parameter, relu, result], [edges[1]!])],
  ['an edge from a missing layer', /is not connected/, net([parameter, relu, result], [edge('9:0', '1:0'), edges[1]!])],
  ['an edge from a missing port', /is not connected/, net([parameter, relu, result], [edge('0:5', '1:0'), edges[1]!])],
  ['a result without input', /has no port/, net([layer(2, { type: 'Result' })], [])],
  ['a cycle', /layer 'n1' is part of a cycle/, net([relu, result], [edge('1:1', '1:0'), edges[1]!])],
  [
    'a longer cycle',
    /a cycle/,
    net([relu, relu.replace('id="1"', 'id="4"')], [edge('1:1', '4:0'), edge('4:1', '1:0')]),
  ],
  [
    'an op without its inputs',
    /has 0 inputs, but needs 2/,
    net([layer(1, { type: 'Add', outputs: [''] }).replace('Add', 'MatMul')], []),
  ],
  [
    'an op with a missing input',
    /has 1 inputs, but needs 2/,
    net([parameter, relu.replace('ReLU', 'Add'), result], edges),
  ],
  [
    'an op without a required attribute',
    /'axis' is missing/,
    net([parameter, relu.replace('ReLU', 'Concat'), result], edges),
  ],
  [
    'an attribute that is not a number',
    /attribute 'axis'.*'x' is not a number/,
    net([parameter, relu.replace('ReLU', 'Concat').replace('<data ', '<data axis="x"'), result], edges),
  ],
  [
    'an unknown value of an enumeration',
    /'mirror' is not one of/,
    net([parameter, relu.replace('"ReLU"', '"Pad"').replace('<data ', '<data pad_mode="mirror"'), result], edges),
  ],
  [
    'too few strides',
    /MaxPool/,
    net(
      [
        parameter.replace('2,?', '1,1,4,4'),
        relu
          .replace('ReLU', 'MaxPool')
          .replace('<data ', '<data kernel="2,2" strides="1" pads_begin="0,0" pads_end="0,0"'),
        result,
      ],
      edges,
    ),
  ],
  [
    'an op of an unknown opset without precision',
    /has no precision/,
    net([parameter, relu.replace('"opset1"', '"opset99"').replace(' precision="FP32"', ''), result], edges),
  ],
  [
    'a constant without offset',
    /has no element_type, offset or size/,
    constant('element_type="f32" shape="4" size="16"'),
  ],
  [
    'a constant past the end of the weights',
    /are outside the weights/,
    constant('element_type="f32" shape="4" offset="8" size="16"'),
  ],
  [
    'a constant before the weights',
    /are outside the weights/,
    constant('element_type="f32" shape="4" offset="-8" size="16"'),
  ],
  [
    'a constant of negative size',
    /are outside the weights/,
    constant('element_type="f32" shape="4" offset="8" size="-8"'),
  ],
  [
    'a constant at a fractional offset',
    /'0.5' is not an integer/,
    constant('element_type="f32" shape="1" offset="0.5" size="4"'),
  ],
  [
    'a constant with too few bytes',
    /need 32 bytes, found 16/,
    constant('element_type="f32" shape="8" offset="0" size="16"'),
  ],
  [
    'a constant of more than 2^53 elements',
    /need .* bytes/,
    constant('element_type="f32" shape="4294967296,4294967296" offset="0" size="16"'),
  ],
  ['a constant of a negative shape', /\[-1,-4\]/, constant('element_type="f32" shape="-1,-4" offset="0" size="16"')],
  [
    'a constant of a non-numeric shape',
    /'x' is not an integer/,
    constant('element_type="f32" shape="x" offset="0" size="16"'),
  ],
  ['an invalid string tensor', /string tensor/, constant('element_type="string" shape="1" offset="0" size="16"')],
  [
    'an If without bodies',
    /has no <then_body>/,
    net([parameter, relu.replace('"ReLU"', '"If"').replace('opset1', 'opset8'), result], edges),
  ],
  [
    'a Loop of an unknown opset',
    /with bodies/,
    net(
      [parameter, layer(1, { type: 'Loop', version: 'opset99', inputs: 1, outputs: [''], more: '<body/>' }), result],
      edges,
    ),
  ],
  ['an info element without name', /'name'/, '<net version="11"><rt_info><info value="1"/></rt_info></net>'],
];

describe('readIr of a broken IR', () => {
  it('accepts the parts that the tests break', () => {
    verify(read(net([parameter, relu, result], edges)));
    verify(read(constant('element_type="f32" shape="2, 2" offset="0" size="16"'), weights));
  });

  it.each(BROKEN)('rejects %s', (_name, message, xml) => {
    const reading = (): Graph => read(xml, weights);
    expect(reading).toThrow(expect.objectContaining({ name: 'DecantError' }) as Error);
    expect(reading).not.toThrow(expect.objectContaining({ code: 'internal' }) as Error);
    try {
      reading();
    } catch (thrown) {
      expect((thrown as { describe: () => string }).describe()).toMatch(message);
    }
  });
});
