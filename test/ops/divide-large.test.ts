import { expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { Divide, FloorMod, Mod, Subtract } from '../../src/ov/ops/arithmetic.ts';
import { tensorOf } from '../../src/tensor/tensor.ts';
import { applyPasses } from '../support/apply-passes.ts';
import { expectTensor } from './compare.ts';
import { runOnOpenVino } from './run-on-openvino.ts';

const LARGEST = 2 ** 31 - 1;
const DIVISORS = [1, 2, 3, 7, 90, 1203, 4096, 65_537, 2 ** 23 - 1, 2 ** 23];

/** Around multiples of the divisor, also near the ends of what i32 holds. Multiples beyond these overflow. */
const dividends = (divisor: number): readonly number[] => {
  const last = Math.floor((LARGEST - divisor) / divisor);
  const multiples = [0, 1, 2, Math.floor(last / 3), Math.floor(last / 2), last - 1, last].map(times => times * divisor);
  const near = multiples.flatMap(multiple => [multiple - 1, multiple, multiple + 1]);
  return [...near, ...near.map(number => -number), 2 ** 24 + 1];
};

const quotientOf = (b: Builder, x: Value, y: Value): Value => b.add(Divide, [x, y], { m_pythondiv: false });

it.each(DIVISORS)('divides integers of 32 bits exactly by %d', async divisor => {
  const numbers = dividends(divisor);
  const b = new Builder();
  const [x, y] = [b.parameter('x', 'i32', [numbers.length]), b.constant(tensorOf('i32', [], [divisor]))];
  const floorRemainder = b.add(FloorMod, [x, y]);
  const graph: Graph = {
    name: 'g',
    inputs: new Map([['x', x]]),
    outputs: new Map([
      ['truncated', quotientOf(b, x, y)],
      ['floored', quotientOf(b, b.add(Subtract, [x, floorRemainder]), y)],
      ['remainder', b.add(Mod, [x, y])],
      ['floor remainder', floorRemainder],
    ]),
  };
  const { outputs } = await runOnOpenVino(
    applyPasses(graph),
    new Map([['x', tensorOf('i32', [numbers.length], numbers)]]),
  );
  const expectNumbers = (name: string, of: (number: number) => number): void => {
    expectTensor(outputs.get(name), tensorOf('i32', [numbers.length], numbers.map(of)));
  };
  expect(outputs.size).toBe(4);
  expectNumbers('truncated', number => Math.trunc(number / divisor));
  expectNumbers('floored', number => Math.floor(number / divisor));
  expectNumbers('remainder', number => number % divisor);
  expectNumbers('floor remainder', number => number - Math.floor(number / divisor) * divisor);
});
