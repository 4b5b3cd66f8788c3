import { expect, it } from 'vitest';
import { infer, Net } from '../../test/support/net.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { readIr } from '../ov/ir/read-ir.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { storeTables } from './store-tables.ts';

const SIZES = [0, -0, 0.1, 1 / 3, -7];

it('stores few different numbers as a table, without changing a bit', () => {
  const net = new Net(1);
  const numbers = Float32Array.from({ length: 4 * 16 * 16 }, (_, i) => SIZES[(i * i) % SIZES.length]!);
  const graph = net.graph(net.b.add(Add, [net.input, net.b.constant(tensorOf('f32', [1, 4, 16, 16], numbers))]));
  const stored = storeTables(graph);
  const [before, after] = [graph, stored].map(each => writeIr(each));
  expect(joinBin(before!.bin).length).toBeGreaterThan(3.5 * joinBin(after!.bin).length);
  const x = net.sample();
  expect(infer(stored, x)).toEqual(infer(graph, x));
  const read = readIr(after!.xml, joinBin(after!.bin));
  expect(writeIr(read.graph).bytesByType['f32']).toBe(numbers.byteLength);
});

it('keeps constants with many different numbers, and small ones', () => {
  const net = new Net(2);
  const graph = net.graph(net.b.add(Add, [net.convolution(net.input, 4, 3), net.weights(1, 4, 16, 16)]));
  expect(storeTables(graph)).toBe(graph);
});
