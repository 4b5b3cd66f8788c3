import { beforeAll, describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { readIr } from '../../src/ov/ir/read-ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { Constant, Parameter } from '../../src/ov/ops/infrastructure.ts';
import { OPS } from '../../src/ov/ops/index.ts';
import { Reshape, ShapeOf } from '../../src/ov/ops/shape.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { formatShape, isStatic, type Shape, symbol } from '../../src/tensor/dim.ts';
import { parseDim } from '../../src/tensor/parse-dim.ts';
import { numbersOf, type Tensor } from '../../src/tensor/tensor.ts';
import { FAMILIES } from './cases/index.ts';
import { expectTensor, typeText } from './compare.ts';
import { type Input, type OpCase, tensorIn } from './op-case.ts';
import { type Results, runOnOpenVino } from './run-on-openvino.ts';

interface Suite {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, Tensor>;
}

/** Combines cases into one graph; `shapeOf` returns the shape of a parameter, which may be symbolic. */
function graphOf(cases: readonly OpCase[], shapeOf: (name: string, tensor: Tensor) => Shape): Suite {
  const b = new Builder();
  const inputs = new Map<string, Value>();
  const outputs = new Map<string, Value>();
  const tensors = new Map<string, Tensor>();
  cases.forEach((opCase, k) => {
    const values = opCase.inputs.map((input, i) => {
      if ('fixed' in input) return b.constant(input.fixed);
      const name = `${k}.in${i}`;
      const value = b.parameter(name, input.type, shapeOf(name, input));
      inputs.set(name, value);
      tensors.set(name, input);
      return value;
    });
    const results = b.at(opCase.name, () => opCase.build(b, values));
    results.forEach((value, i) => outputs.set(`${k}.out${i}`, value));
  });
  return { graph: { name: 'suite', inputs, outputs }, inputs: tensors };
}

const known = (_name: string, { shape }: Tensor): Shape => shape;
const open = (name: string, { shape }: Tensor): Shape => shape.map((_, i) => symbol(`${name}.${i}`));

const isSymbolic = (input: Input): input is Tensor =>
  'data' in input && (input.type === 'i64' || input.type === 'i32') && input.data.length > 0;

/** A value whose elements are symbolic sizes. */
function valueOf(b: Builder, { type, shape }: Tensor, elements: Shape): Value {
  const sizes = b.add(ShapeOf, [b.parameter('sized', 'f32', elements)], { output_type: type });
  return b.add(Reshape, [sizes, b.i64(...shape)]);
}

/** Prints a graph without the names of its nodes and bodies. */
const nameless = (graph: Graph): string =>
  printGraph(graph).text.replaceAll(/(= (?:Const|\S+@\S+)|  graph) "[^"]*"/g, '$1');

describe.each(Object.entries(FAMILIES))('%s', (_family, cases) => {
  const named = cases.map(opCase => [opCase.name, opCase] as const);
  const running = named
    .filter(([, { foldedOnly }]) => foldedOnly !== true)
    .map(([name, opCase], k) => [name, opCase, k] as const);
  const suite = graphOf(
    running.map(([, opCase]) => opCase),
    known,
  );
  let results: Results;
  beforeAll(async () => {
    results = await runOnOpenVino(suite.graph, suite.inputs);
  });

  it.each(running)('%s: OpenVINO computes the expected outputs', (_name, { outputs }, k) => {
    outputs.forEach((expected, i) => {
      expectTensor(results.outputs.get(`${k}.out${i}`), expected);
    });
  });

  it.each(running)('%s: types and shapes equal those that OpenVINO infers', (_name, { outputs }, k) => {
    outputs.forEach((expected, i) => {
      const ours = suite.graph.outputs.get(`${k}.out${i}`)!;
      expect(`${ours.type}${formatShape(ours.shape)}`).toBe(results.inferred.get(`${k}.out${i}`));
      if (isStatic(ours.shape)) expect(ours.shape).toEqual(expected.shape);
    });
  });

  it.each(named)('%s: symbolic shapes evaluate to the expected sizes', (_name, opCase) => {
    if (opCase.needsSizes === true) {
      expect(() => graphOf([opCase], open)).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error);
      return;
    }
    const { graph, inputs } = graphOf([opCase], open);
    const sizes = new Map<string, number>(
      [...inputs].flatMap(([name, { shape }]) => shape.map((size, i) => [`${name}.${i}`, size] as const)),
    );
    opCase.outputs.forEach((expected, i) => {
      const shape = graph.outputs.get(`0.out${i}`)!.shape.map((dim, axis) => {
        const size = parseDim(String(dim), name => sizes.get(name) ?? symbol(name));
        // A data-dependent size may be any size.
        return String(size).includes('?') ? expected.shape[axis]! : size;
      });
      expect(shape).toEqual(expected.shape);
    });
    verify(graph);
  });

  const symbolic = named.filter(
    ([, { op, inputs }]) =>
      (op.partialValue !== undefined || op.permutesElements !== undefined) && inputs.some(isSymbolic),
  );
  it.each(symbolic)('%s: symbolic elements evaluate to the expected values', (_name, opCase) => {
    const b = new Builder();
    const elements = new Map<string, number>();
    const values = opCase.inputs.map((input, i) => {
      if (!isSymbolic(input)) return b.constant(tensorIn(input));
      const names = Array.from(numbersOf(input), (element, k) => {
        elements.set(`?${i}_${k}`, element);
        return symbol(`?${i}_${k}`);
      });
      return valueOf(b, input, names);
    });
    const outputs = opCase.build(b, values);
    opCase.outputs.forEach((expected, i) => {
      const elementsOfOutput = outputs[i]!.partialValue?.map(dim =>
        parseDim(String(dim), name => elements.get(name) ?? symbol(name)),
      );
      const numbers = Array.from(numbersOf(expected));
      // An unknown element may be any value.
      expect(elementsOfOutput?.map((dim, k) => (String(dim).includes('?') ? numbers[k] : dim)) ?? numbers).toEqual(
        numbers,
      );
    });
  });

  const evaluated = named.filter(([, { op }]) => op.evaluate !== undefined);
  it.each(evaluated)('%s: constants fold to the expected outputs', (_name, opCase) => {
    const b = new Builder();
    const values = opCase.build(
      b,
      opCase.inputs.map(input => b.constant(tensorIn(input))),
    );
    opCase.outputs.forEach((expected, i) => {
      const { constant, op } = values[i]!.node;
      if (constant === undefined) expect(opCase.unfolded, `${op.type} was not folded`).toBe(true);
      else expectTensor(constant, expected);
    });
  });
});

it('an IR reads back as the same graph, which writes the same IR', () => {
  for (const [family, cases] of Object.entries(FAMILIES)) {
    const { graph } = graphOf(cases, known);
    const ir = writeIr(graph);
    const { graph: again } = readIr(ir.xml, joinBin(ir.bin));
    expect(nameless(again), family).toBe(nameless(graph));
    verify(again);
    const second = writeIr(again);
    expect(second.xml, family).toBe(ir.xml);
    expect(joinBin(second.bin), family).toEqual(joinBin(ir.bin));
  }
});

it('every op has a case', () => {
  const covered = new Set<unknown>(Object.values(FAMILIES).flatMap(cases => cases.map(({ op }) => op)));
  const missing = OPS.filter(op => op !== (Parameter as unknown) && op !== (Constant as unknown) && !covered.has(op));
  expect(missing.map(({ type, opset }) => `${type}@${opset}`)).toEqual([]);
  expect(new Set(OPS.map(({ type, opset }) => `${type.toLowerCase()}@${opset}`)).size).toBe(OPS.length);
});

it('cases have unique names, an input and an output', () => {
  for (const cases of Object.values(FAMILIES)) {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { inputs, outputs, name } of cases) {
      expect(
        inputs.some(input => 'data' in input),
        name,
      ).toBe(true);
      expect(outputs.map(typeText), name).not.toEqual([]);
    }
  }
});
