import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertTfModel } from '../../src/convert.ts';
import { convertModel, type ConvertModelOptions } from '../../src/index.ts';
import { type Graph, topological } from '../../src/ov/graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { numbersOf, scalar, sizeOf, type Tensor, tensorOf, vector } from '../../src/tensor/tensor.ts';
import { LIVENESS } from '../support/models.ts';
import { seededImage } from '../support/seeded.ts';
import { runOnOpenVino } from '../ops/run-on-openvino.ts';
import { constant, func, functionOf, int, modelOf, node, placeholder, type } from '../support/tf-records.ts';
import { writeSavedModel } from '../support/zoo-fixtures.ts';

/** Joins items to a batch. */
function batchOf(items: readonly Tensor[]): Tensor {
  const [first] = items;
  const data = items.flatMap(item => Array.from(numbersOf(item)));
  return tensorOf(first!.type, [items.length, ...first!.shape.slice(1)], data);
}

/** Item `i` of each output. */
const itemOf = (outputs: ReadonlyMap<string, Tensor>, i: number): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...outputs].map(([name, output]) => {
      const size = sizeOf(output.shape.slice(1));
      return [name, Array.from(numbersOf(output).slice(i * size, (i + 1) * size))];
    }),
  );

async function graphOf(path: string, options: ConvertModelOptions): Promise<Graph> {
  const { conversion } = await convertModel(path, { compressToFp16: false, ...options });
  verify(conversion.graph);
  return conversion.graph;
}

const toFloats = (item: Tensor): Tensor => tensorOf('f32', item.shape, Array.from(numbersOf(item)));

/** Expects the outputs for a batch to equal those for its items. */
async function expectSame(single: Graph, batched: Graph, name: string, items: readonly Tensor[], places: number) {
  const { outputs } = await runOnOpenVino(batched, new Map([[name, batchOf(items)]]));
  for (const [i, item] of items.entries()) {
    const alone = await runOnOpenVino(single, new Map([[name, item]]));
    const found = itemOf(outputs, i);
    expect([...found.keys()]).toEqual([...alone.outputs.keys()]);
    for (const [output, numbers] of itemOf(alone.outputs, 0)) {
      const largest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 1e-6);
      found.get(output)!.forEach((number, k) => {
        expect(Math.abs(number - numbers[k]!) / largest, `${output}[${k}]`).toBeLessThan(10 ** -places);
      });
    }
  }
}

const loops = (graph: Graph): readonly string[] =>
  topological(graph)
    .map(({ op }) => op.type)
    .filter(type => type === 'Loop');

describe('a model with a dynamic batch', () => {
  it.each([3, -1])('takes a batch of %d', async batch => {
    const [single, batched] = await Promise.all([graphOf(LIVENESS, { batch: 1 }), graphOf(LIVENESS, { batch })]);
    const items = [1, 2, 3].map(seed => seededImage(32, 32, seed)).map(toFloats);
    expect(loops(batched)).toEqual([]);
    await expectSame(single, batched, 'conv2d_1_input', items, 5);
  });
});

/** `map(item => item * item[0], x)` as TensorFlow 2 writes it, as a loop over a list. */
const MAPPED = modelOf(
  [
    placeholder('x', 'DT_FLOAT', [-1, 3]),
    constant('zero', 'DT_INT32', scalar('i32', 0)),
    constant('one', 'DT_INT32', scalar('i32', 1)),
    constant('row', 'DT_INT32', vector('i32', [3])),
    node('shape', 'Shape', ['x'], { T: type('DT_FLOAT') }),
    constant('begin', 'DT_INT32', vector('i32', [0])),
    constant('end', 'DT_INT32', vector('i32', [1])),
    node('count', 'StridedSlice', ['shape', 'begin', 'end', 'end'], { shrink_axis_mask: int(1) }),
    node('items', 'TensorListFromTensor', ['x', 'row'], { element_dtype: type('DT_FLOAT') }),
    node('results', 'TensorListReserve', ['row', 'count'], { element_dtype: type('DT_FLOAT') }),
    node('loop', 'StatelessWhile', ['zero', 'count', 'items', 'results'], { cond: func('more'), body: func('turn') }),
    node('y', 'TensorListStack', ['loop:3', 'row'], { element_dtype: type('DT_FLOAT') }),
  ],
  {
    functions: [
      functionOf('more', ['i', 'n', 'from', 'to'], { more: 'less:z:0' }, node('less', 'Less', ['i', 'n'])),
      functionOf(
        'turn',
        ['i', 'n', 'from', 'to'],
        { i_: 'next:z:0', n_: 'n', from_: 'from', to_: 'set:output_handle:0' },
        constant('step', 'DT_INT32', scalar('i32', 1)),
        constant('row', 'DT_INT32', vector('i32', [3])),
        constant('first', 'DT_INT32', vector('i32', [0])),
        constant('second', 'DT_INT32', vector('i32', [1])),
        node('next', 'AddV2', ['i', 'step:output:0']),
        node('item', 'TensorListGetItem', ['from', 'i', 'row:output:0'], { element_dtype: type('DT_FLOAT') }),
        node('factor', 'StridedSlice', ['item:item:0', 'first:output:0', 'second:output:0', 'second:output:0']),
        node('product', 'Mul', ['item:item:0', 'factor:output:0']),
        node('set', 'TensorListSetItem', ['to', 'i', 'product:z:0'], { element_dtype: type('DT_FLOAT') }),
      ),
    ],
  },
);

/** Loops with a small, known number of iterations are unrolled. */
describe('a model with a loop over the batch', () => {
  it.each([3, -1])('iterates over a batch of %d', async batch => {
    const options = { compressToFp16: false, outputs: ['y'] };
    const { graph: single } = await convertTfModel(MAPPED, { ...options, batch: 1 });
    const { graph: batched } = await convertTfModel(MAPPED, { ...options, batch });
    verify(batched);
    expect([loops(single), loops(batched)]).toEqual([[], batch < 0 ? ['Loop'] : []]);
    const items = [1, 2, 3].map(k => tensorOf('f32', [1, 3], [k, k + 1, -k]));
    await expectSame(single, batched, 'x', items, 6);
  });
});

describe('a detector saved for a batch of 1', () => {
  let path: string;

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'decant-batch-'));
    await writeSavedModel('ssd_mobilenet_v2_combined_nms', path);
    return () => rm(path, { recursive: true });
  });

  it.each([2, -1])('loops over the images of a batch of %d', async batch => {
    const [single, batched] = await Promise.all([graphOf(path, {}), graphOf(path, { batch })]);
    expect(loops(batched)).toEqual(['Loop']);
    const images = [5, 6].map(seed => seededImage(120, 160, seed));
    await expectSame(single, batched, 'input_tensor', images, 3);
  });

  it('rejects a batch if an output has no batch axis', async () => {
    const options = {
      batch: 2,
      outputs: [
        'detection_boxes',
        'num_detections',
        'StatefulPartitionedCall/StatefulPartitionedCall/Postprocessor/Decode/truediv',
      ],
    };
    await expect(convertModel(path, options)).rejects.toThrow('has no batch axis');
  });
});
