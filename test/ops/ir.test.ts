import { expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { Add } from '../../src/ov/ops/arithmetic.ts';
import { MatMul } from '../../src/ov/ops/matrix.ts';
import { Clamp, Relu } from '../../src/ov/ops/activation.ts';
import { Convert } from '../../src/ov/ops/type.ts';
import { symbol } from '../../src/tensor/dim.ts';
import { core } from '../support/openvino.ts';
import { expectTensor } from './compare.ts';
import { runOnOpenVino } from './run-on-openvino.ts';
import { counting, f16, f32, i32 } from './tensors.ts';

const graphOf = (
  inputs: Readonly<Record<string, Value>>,
  outputs: Readonly<Record<string, Value>>,
  name = 'g',
): Graph => ({ name, inputs: new Map(Object.entries(inputs)), outputs: new Map(Object.entries(outputs)) });

const read = async (graph: Graph, rtInfo = {}) => {
  const { xml, bin } = writeIr(graph, { rtInfo });
  return core.readModel({ xml, bin: joinBin(bin) });
};

it.each(['a,b', 'a\\,b', '<x & "y">', "it's", 'tab\tline\nreturn\r', ' spaces ', 'ünï→✓', 'a/b:0'])(
  'OpenVINO reads the name %j',
  async name => {
    const b = new Builder(name);
    const x = b.parameter('x', 'f32', [2]);
    const out = `${name} out`;
    using model = await read(graphOf({ [name]: x }, { [out]: b.add(Relu, [x]) }, name));
    expect([model.getName(), model.input().anyName, model.output().anyName]).toEqual([name, name, out]);
  },
);

it('every public name has its own tensor in a compiled model', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [2]);
  const y = b.add(Relu, [x]);
  const one = b.constant(f32([1], [1]));
  const graph = graphOf({ x }, { z: x, same: x, a: y, b: y, c: one, d: one });
  const { outputs } = await runOnOpenVino(graph, new Map([['x', f32([2], [-1, 2])]]));
  expect([...outputs.keys()]).toEqual(['z', 'same', 'a', 'b', 'c', 'd']);
  for (const name of ['z', 'same']) expectTensor(outputs.get(name), f32([2], [-1, 2]));
  for (const name of ['a', 'b']) expectTensor(outputs.get(name), f32([2], [0, 2]));
  for (const name of ['c', 'd']) expectTensor(outputs.get(name), f32([1], [1]));
});

it('an output that is an input of open size has its elements, whatever ran before', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [1, symbol('n'), 4]);
  using model = await read(graphOf({ x }, { y: x }));
  using compiled = await core.compileModel(model, 'CPU');
  using request = compiled.createInferRequest();
  for (const count of [5, 3, 7]) {
    const given = counting([1, count, 4]);
    const { y } = await request.inferAsync({ x: given });
    expectTensor(y, given);
  }
});

it('OpenVINO reads a model without weights, or with empty weights only', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [2]);
  using plain = await read(graphOf({ x }, { y: b.add(Relu, [x]) }));
  expect(plain.outputs.length).toBe(1);
  using empty = await read(graphOf({ x }, { y: b.add(Relu, [x]), none: b.constant(f32([0, 3], [])) }));
  expect(empty.output('none').shape).toEqual([0, 3]);
});

it('symbolic sizes are dynamic', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'u8', [1, symbol('h'), symbol('w'), 3]);
  const graph = graphOf({ x }, { y: b.add(Convert, [x], { destination_type: 'f32' }) });
  using model = await read(graph);
  expect(model.input().toString()).toBe('names[x] shape[1,?,?,3] type: u8');
  expect(model.output().toString()).toBe('names[y] shape[1,?,?,3] type: f32');
});

it('infinite attributes have no effect', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [3]);
  const graph = graphOf({ x }, { y: b.add(Clamp, [x], { min: -Infinity, max: Infinity }) });
  const given = f32([3], [-1e38, 0, 1e38]);
  expectTensor((await runOnOpenVino(graph, new Map([['x', given]]))).outputs.get('y'), given);
});

it('weights stored as f16 are used as f32', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [1, 2]);
  const halves = b.constant(f16([2, 2], [1, 2, 3, 4.5]));
  const weights = b.add(Convert, [halves], { destination_type: 'f32', decompression: true });
  const { outputs } = await runOnOpenVino(
    graphOf({ x }, { y: b.add(MatMul, [x, weights]) }),
    new Map([['x', f32([1, 2], [1, 10])]]),
  );
  expectTensor(outputs.get('y'), f32([1, 2], [31, 47]));
});

it('OpenVINO accepts any rt_info', async () => {
  const b = new Builder();
  const x = b.parameter('x', 'i32', [2]);
  const graph = graphOf({ x }, { y: b.add(Add, [x, b.constant(i32([2], [1, 2]))]) });
  const rtInfo = { decant: { version: '1', 'odd <name>': { '': 'x', info: 'y' } }, info: 'z', nothing: {} };
  using model = await read(graph, rtInfo);
  expect(model.output().toString()).toBe('names[y] shape[2] type: i32');
});
