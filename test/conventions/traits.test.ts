import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Op } from '../../src/ov/graph.ts';
import { OPS } from '../../src/ov/ops/index.ts';
import { numbersOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { FAMILIES } from '../ops/cases/index.ts';
import { type OpCase, tensorIn } from '../ops/op-case.ts';

/** Ops whose output has the shape of the data, but whose axes no trait describes. */
const WITHOUT_TRAITS: Readonly<Record<string, string>> = {
  GatherTree: 'the axes are steps, batch and beams',
  Inverse: 'the matrices are the last two axes',
  LRN: "OpenVINO's CPU plugin supports only the axes of channels",
  MVN: "OpenVINO's CPU plugin is slower for other axes than the spatial ones",
  PReLU: 'a slope per channel belongs to axis 1; a single slope has a rule of its own',
  ReverseSequence: 'the axes are two attributes',
  ScatterElementsUpdate: 'indices and updates would have to be transposed as well',
  ScatterNDUpdate: 'indices are coordinates',
  ScatterUpdate: 'the position of the updates depends on the rank of the indices',
};

const CASES: readonly OpCase[] = Object.values(FAMILIES).flat();
const casesOf = (op: Op): readonly OpCase[] => CASES.filter(opCase => opCase.op === op);

const sameShape = (a: Tensor, b: Tensor): boolean => a.shape.join() === b.shape.join();

const keepsShape = ({ inputs, outputs }: OpCase): boolean =>
  inputs.length > 0 && outputs.every(output => sameShape(output, tensorIn(inputs[0]!)));

describe('an op that keeps the shape of its data', () => {
  const keeping = OPS.filter(op => casesOf(op).length > 0 && casesOf(op).every(keepsShape));

  it('has a trait, or a reason for having none', () => {
    expect(keeping.length).toBeGreaterThan(50);
    const lacking = keeping.filter(op => op.traits === undefined).map(({ type }) => type);
    expect([...new Set(lacking)].sort()).toEqual(Object.keys(WITHOUT_TRAITS));
  });
});

const reversed = ({ type, shape, ...tensor }: Tensor): Tensor =>
  tensorOf(type, shape, Array.from(numbersOf({ type, shape, ...tensor })).reverse());

/** Cases of elementwise ops that fold, and whose data inputs have the shape of the output. */
const elementwise = CASES.filter(opCase => {
  const { traits } = opCase.op;
  if (traits?.elementwise !== true || opCase.op.evaluate === undefined || opCase.unfolded === true) return false;
  return traits.broadcast === undefined || opCase.inputs.every(input => sameShape(tensorIn(input), opCase.outputs[0]!));
});

it.each(elementwise.map(opCase => [opCase.name, opCase] as const))('%s is elementwise', (_name, opCase) => {
  const b = new Builder();
  const isData = (i: number): boolean => i === 0 || opCase.op.traits!.broadcast !== undefined;
  const inputs = opCase.inputs.map(tensorIn).map((tensor, i) => b.constant(isData(i) ? reversed(tensor) : tensor));
  const before = opCase.build(
    b,
    opCase.inputs.map(input => b.constant(tensorIn(input))),
  );
  const after = opCase.build(b, inputs);
  expect(after.map(value => Array.from(numbersOf(value.node.constant!)))).toEqual(
    before.map(value => Array.from(numbersOf(value.node.constant!)).reverse()),
  );
});
