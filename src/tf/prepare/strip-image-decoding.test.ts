import { describe, expect, it } from 'vitest';
import { bodyOf, inferenceGraphOf, lines } from '../../../test/support/inference-graphs.ts';
import { type Attrs, constant, func, int, node, placeholder, type } from '../../../test/support/tf-records.ts';
import { vector } from '../../tensor/tensor.ts';
import type { InferenceInput, InferenceGraph } from '../inference-graph.ts';
import type { TfNode } from '../model.ts';
import { stripImageDecoding } from './strip-image-decoding.ts';

const FILES: InferenceInput = { name: 'image_bytes', node: 'p', dtype: 'DT_STRING', shape: [-1] };
const P = placeholder('p', 'DT_STRING');

const model = (
  nodes: readonly TfNode[],
  outputs: readonly string[],
  rest: Parameters<typeof inferenceGraphOf>[2] = {},
): InferenceGraph => inferenceGraphOf([P, ...nodes], outputs, { inputs: [FILES], ...rest });

const decode = (name: string, file: string, op = 'DecodeJpeg', attrs: Attrs = {}): TfNode =>
  node(name, op, [file], attrs);

const IMAGE = { name: 'image_bytes', node: 'p', dtype: 'DT_UINT8', shape: [1, -1, -1, 3] };

describe('stripImageDecoding', () => {
  it('replaces an encoded image by a decoded one', () => {
    const one = { ...FILES, shape: [] };
    const nodes = [
      decode('d', 'p', 'DecodeImage', { channels: int(3), dtype: type('DT_UINT8') }),
      node('y', 'Cast', ['d']),
    ];
    const cut = stripImageDecoding(model(nodes, ['y'], { inputs: [one] }));
    expect(cut.inputs).toEqual([{ ...IMAGE, node: 'p/batch' }]);
    expect(lines(cut.graph)).toEqual(['p = Squeeze(p/batch)', 'd = Identity(p)', 'y = Cast(d)']);
    expect(cut.notes).toEqual([
      `Input 'image_bytes' takes a decoded image, u8 [1,height,width,3], instead of an encoded one: decoding was removed.`,
    ]);
  });

  it('handles map_fn over files', () => {
    const iteration = bodyOf(
      'iteration',
      ['i', 'done', 'files'],
      ['next', 'set', 'files'],
      node('next', 'AddV2', ['i', 'i']),
      node('item', 'TensorListGetItem', ['files', 'i', 'i']),
      decode('d', 'item'),
      node('set', 'TensorListSetItem', ['done', 'i', 'd']),
    );
    const outer = bodyOf('outer', ['files'], ['inner:1'], node('inner', 'StatelessWhile', ['files', 'files', 'files:0'], { body: func('iteration') })); // prettier-ignore
    const nodes = [
      node('count', 'Shape', ['p']),
      node('list', 'TensorListFromTensor', ['p', 'count']),
      node('loop', 'While', ['list'], { body: func('outer') }),
      node('y', 'TensorListStack', ['loop']),
    ];
    const cut = stripImageDecoding(model(nodes, ['y', 'count'], { functions: [iteration, outer] }));
    expect(cut.inputs).toEqual([IMAGE]);
    expect(lines(cut.graph)).toEqual([
      'p = Placeholder()',
      'count = Shape(p)',
      'list = TensorListFromTensor(p, count)',
      'loop = While(list)',
      'y = TensorListStack(loop)',
    ]);
    expect(lines(cut.functions.get('iteration')!.graph)).toContain('d = Identity(item)');
  });

  it('handles indexing and reshaping of a batch', () => {
    const scalar = constant('scalar', 'DT_INT32', vector('i32', []));
    const row = constant('row', 'DT_INT32', vector('i32', [-1]));
    const nodes = [
      scalar,
      row,
      node('same', 'Reshape', ['p', 'row']),
      node('slice', 'StridedSlice', ['same', 'row', 'row', 'row']),
      node('a', 'Reshape', ['slice', 'scalar']),
      node('b', 'StridedSlice', ['slice', 'row', 'row', 'row'], { shrink_axis_mask: int(1) }),
      node('c', 'Squeeze', ['slice']),
      node('again', 'ExpandDims', ['c', 'row']),
      ...['a', 'b', 'c', 'again'].map(name => decode(`d${name}`, name)),
    ];
    const cut = stripImageDecoding(model(nodes, ['da', 'db', 'dc', 'dagain']));
    expect(lines(cut.graph)).toEqual([
      'p = Placeholder()',
      'same = Identity(p)',
      'slice = Identity(same)',
      'a = Squeeze(slice)',
      'da = Identity(a)',
      'b = Squeeze(slice)',
      'db = Identity(b)',
      'c = Squeeze(slice)',
      'dc = Identity(c)',
      'row = Const()',
      'again = ExpandDims(c, row)',
      'dagain = Squeeze(again)',
    ]);
  });

  it('handles TensorArrays of TensorFlow 1', () => {
    const nodes = [
      node('array', 'TensorArrayV3'),
      node('filled', 'TensorArrayScatterV3', ['array', 'array', 'p', 'array:1']),
      node('item', 'TensorArrayReadV3', ['array', 'array', 'filled']),
      decode('d', 'item', 'DecodePng'),
    ];
    const cut = stripImageDecoding(model(nodes, ['d']));
    expect(lines(cut.graph)).toContain('d = Identity(item)');
  });

  it('removes the selection of a decoder by file signature', () => {
    const branch = (name: string, ...nodes: readonly TfNode[]) => bodyOf(name, ['file'], [nodes[0]!.name], ...nodes);
    const functions = [
      branch('jpeg', decode('d', 'file')),
      branch('other', node('d', 'If', ['file', 'file'], { then_branch: func('png'), else_branch: func('bmp') })),
      branch('png', decode('d', 'file', 'DecodePng')),
      branch('bmp', decode('d', 'file', 'DecodeBmp')),
    ];
    const nodes = [
      node('file', 'Squeeze', ['p']),
      node('head', 'Substr', ['file']),
      node('isJpeg', 'Equal', ['head']),
      node('d', 'If', ['isJpeg', 'file'], { then_branch: func('jpeg'), else_branch: func('other') }),
    ];
    const cut = stripImageDecoding(model(nodes, ['d'], { functions }));
    expect(lines(cut.graph)).toEqual(['p = Placeholder()', 'file = Squeeze(p)', 'd = Identity(file)']);
    expect(cut.functions.size).toBe(0);
  });

  it.each<readonly [string, TfNode, InferenceInput]>([
    ['grayscale', decode('d', 'p', 'DecodeJpeg', { channels: int(1) }), FILES],
    ['downscaled', decode('d', 'p', 'DecodeJpeg', { ratio: int(2) }), FILES],
    ['16-bit', decode('d', 'p', 'DecodePng', { dtype: type('DT_UINT16') }), FILES],
    ['not decoded', node('d', 'StringLower', ['p']), FILES],
    ['not strings', decode('d', 'p'), { ...FILES, dtype: 'DT_INT32' }],
  ])('leaves inputs that are %s', (_, decoder, input) => {
    const before = model([decoder], ['d'], { inputs: [input] });
    expect(stripImageDecoding(before)).toBe(before);
  });
});
