import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeBytes, proto, shapeBytes } from '../../../test/support/proto-bytes.ts';
import { readOrRefuse } from '../../../test/support/read-or-refuse.ts';
import { memorySource } from '../../source/memory-source.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { attrTensor, attrType } from '../attrs.ts';
import { startsWithNode } from './read-frozen-graph.ts';
import { readModel } from './read-model.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const latin = (content: string): Uint8Array => Uint8Array.from(content, char => char.charCodeAt(0));

const TENSOR = proto([1, 1], [2, shapeBytes(2)], [4, new Uint8Array(Float32Array.of(1, 2).buffer)]);
const BODY = proto([1, proto([1, 'body'])], [3, nodeBytes('c', 'Const', [], { value: proto([8, TENSOR]) })]);
const GRAPH = proto(
  [1, nodeBytes('image', 'Placeholder', [], { dtype: proto([6, 1]) })],
  [1, nodeBytes('c', 'Const', [], { dtype: proto([6, 1]), value: proto([8, TENSOR]) })],
  [1, nodeBytes('sum', 'AddV2', ['image', 'c'], { T: proto([6, 1]) })],
  [2, proto([1, BODY])],
  [4, proto([1, 27])],
);
const GRAPH_TEXT = String.raw`# a graph
node { name: "image" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor {
  dtype: DT_FLOAT tensor_shape { dim { size: 2 } } tensor_content: "\000\000\200?\000\000\000@" } } } }
node { name: "sum" op: "AddV2" input: "image" input: "c" attr { key: "T" value { type: DT_FLOAT } } }
library { function { signature { name: "body" } node_def { name: "c" op: "NoOp" } } }
versions { producer: 27 }`;

describe('frozen graphs', () => {
  it.each([
    ['frozen-graph', 'net.pb', GRAPH],
    ['frozen-graph', 'net.bin', GRAPH],
    ['text-graph', 'net.pbtxt', text(GRAPH_TEXT)],
  ])('are read as %s from %s', async (format, file, bytes) => {
    const model = await readModel(memorySource(`/models/${file}`, [[file, bytes]]));
    expect(model).toMatchObject({ format, signatures: new Map() });
    expect([...model.graph.keys()]).toEqual(['image', 'c', 'sum']);
    expect(model.graph.get('sum')?.inputs).toEqual(['image', 'c']);
    expect(attrType(model.graph.get('image')!, 'dtype')).toBe('DT_FLOAT');
    expect([...numbersOf(attrTensor(model.graph.get('c')!, 'value').data())]).toEqual([1, 2]);
    expect([...model.functions.get('body')!.nodes.keys()]).toEqual(['c']);
  });

  it('are found in a folder by extension, and named after it', async () => {
    const files = [
      ['x/graph.pb', GRAPH],
      ['x/other.dat', GRAPH],
      ['x/fingerprint.pb', proto([1, 5])],
    ] as const;
    expect((await readModel(memorySource('/a/ssd.v1/', files))).name).toBe('ssd.v1');
    for (const nameless of ['.', '..', '/'])
      expect((await readModel(memorySource(nameless, files))).name).toBe('model');
    await expect(readModel(memorySource('two', [...files, ['y.pb', GRAPH]]))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `'two' holds 2 models: x/graph.pb, y.pb`,
    });
  });

  it('are recognized by their first node', () => {
    expect(startsWithNode(GRAPH)).toBe(true);
    expect(startsWithNode(GRAPH.subarray(0, 30))).toBe(true);
    expect(startsWithNode(proto([1, 1], [2, proto([2, GRAPH])]))).toBe(false);
    expect(startsWithNode(proto([1, proto([4, 'serve'])], [2, GRAPH]))).toBe(false);
    expect(startsWithNode(proto([1, proto([1, proto([1, 'op'])])], [2, GRAPH]))).toBe(false);
    expect(startsWithNode(text(GRAPH_TEXT))).toBe(false);
    expect(startsWithNode(new Uint8Array(0))).toBe(false);
  });

  it('are rejected if truncated, with the file', async () => {
    await expect(readModel(memorySource('m', [['m.pb', GRAPH.subarray(0, GRAPH.length - 40)]]))).rejects.toMatchObject({
      code: 'malformed',
      where: ['reading m.pb'],
    });
    await expect(readModel(memorySource('m', [['m.pbtxt', text(GRAPH_TEXT.slice(0, 300))]]))).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('line ') as string,
    });
  });

  it('are read or rejected with a DecantError if corrupt', async () => {
    for (const whole of [GRAPH, text(GRAPH_TEXT)]) {
      const read = (bytes: Uint8Array): Promise<string> => readOrRefuse(memorySource('m', [['m', bytes]]));
      expect(await read(whole)).toBe('read');
      for (let length = 0; length < whole.length; length++) await read(whole.subarray(0, length));
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
          await read(whole.with(at, byte));
        }),
        { numRuns: 1500 },
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length), fc.uint8Array({ maxLength: 12 }), async (at, bytes) => {
          await read(Uint8Array.from([...whole.subarray(0, at), ...bytes, ...whole.subarray(at)]));
        }),
        { numRuns: 500 },
      );
    }
  });

  it('never fail otherwise, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => {
        await readOrRefuse(memorySource('m', [['m', bytes]]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a source without a model', () => {
  const refusal = (files: readonly (readonly [string, Uint8Array])[]): Promise<{ message: string; remedy: string }> =>
    readModel(memorySource('given', files)).then(
      () => Promise.reject(new Error('it was read')),
      (thrown: unknown) => {
        expect(thrown).toMatchObject({ code: 'not-a-model', remedy: expect.any(String) as string });
        return thrown as { message: string; remedy: string };
      },
    );

  it.each([
    ['a Git LFS pointer', 'model.pb', text('version https://git-lfs.github.com/spec/v1\noid sha256:1')],
    ['a web page', 'model.pb', text('\n<!DOCTYPE html><html>')],
    ['a web page', 'model.json', text('<html lang="en">')],
    ['a TensorFlow 2 checkpoint', 'ckpt-0.index', latin('\0\0\x0b')],
    ['a TensorFlow 2 checkpoint', 'ckpt-0.data-00000-of-00001', latin('\x01\x02')],
    ['a TensorFlow 2 checkpoint', 'checkpoint', text('model_checkpoint_path: "ckpt-0"')],
    ['a MetaGraph in text format', 'model.ckpt.meta', text('meta_info_def {\n  tags: "serve"\n}')],
    ['before TensorFlow 0.12', 'model.ckpt-7', latin('\0\0\x60\x0a\x5e\x0a\x13')],
    ['a chunked SavedModel', 'saved_model.cpb', latin('\x83\xaf\x70\xd1')],
    ['the variables of a SavedModel', 'variables/variables.index', latin('\0')],
    ['a Keras model', 'model.h5', latin('\x89HDF\r\n\x1a\n')],
    ['a Keras model', 'renamed.pb', latin('\x89HDF\r\n\x1a\n')],
    ['layers-model', 'model.json', text('{"format": "layers-model", "modelTopology": {"model_config": {}}}')],
    ['an ONNX model', 'x.bin', proto([1, 8], [2, 'pytorch'], [3, '2.1'], [7, proto()])],
    ['already an OpenVINO model', 'x.xml', text('<?xml version="1.0"?>\n<net name="x" version="11">')],
    ['a PyTorch model', 'x.safetensors', latin('\x10\0\0\0\0\0\0\0{"w":')],
    ['a Python pickle', 'x.bin', latin('\x80\x04\x95')],
    ['a label map', 'labels.pbtxt', text('# COCO\nitem { id: 1 }')],
    ['a training configuration', 'pipeline.config', text('model {\n ssd {')],
    ['a file of weights', 'model.bin', Uint8Array.of(0, 1)],
    ['an archive', 'x.rar', latin('Rar!\x1a\x07')],
    ['an image', 'dog.jpg', latin('\xff\xd8\xff\xe0')],
    ['an image', 'x.pb', latin('\x89PNG\r\n\x1a\n')],
  ])('is identified: %s in %s', async (name, file, bytes) => {
    expect((await refusal([[file, bytes]])).message).toContain(name);
  });

  it('is identified by its most relevant file', async () => {
    const files = [
      ['a/photo.jpg', latin('\xff\xd8\xff')],
      ['a/pipeline.config', text('model {')],
      ['ckpt/ckpt-0.data-00000-of-00001', latin('\x01')],
      ['ckpt/ckpt-0.index', latin('\0')],
    ] as const;
    const { message } = await refusal(files);
    expect(message).toBe(
      `'given' holds no model; 'ckpt/ckpt-0.data-00000-of-00001' is a TensorFlow 2 checkpoint: it holds weights but no graph`,
    );
  });

  it('names the IR of a folder', async () => {
    const { message, remedy } = await refusal([
      ['a.bin', Uint8Array.of(0)],
      ['a.xml', text('<net name="a">')],
    ]);
    expect(message).toBe(`'given' holds no model; 'a.xml' is already an OpenVINO model`);
    expect(remedy).toBe(`Pass 'given/a.xml'.`);
  });

  it('is listed if no format matches', async () => {
    expect((await refusal([['a.dat', Uint8Array.of(0, 1)]])).message).toBe(
      `'given' is not a model that decant supports`,
    );
    const { message, remedy } = await refusal(
      Array.from({ length: 10 }, (_, i) => [`${i}.dat`, Uint8Array.of(0)] as const),
    );
    expect(message).toBe(
      `'given' holds no model that decant supports, only 0.dat, 1.dat, 2.dat, 3.dat, 4.dat, 5.dat, 6.dat, 7.dat and 2 more`,
    );
    expect(remedy).toContain('a TensorFlow.js graph-model (model.json), a frozen graph (.pb)');
    await expect(readModel(memorySource('empty', []))).rejects.toMatchObject({ code: 'not-a-model' });
  });
});
