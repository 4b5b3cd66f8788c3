import { expect, it } from 'vitest';
import { convertTfModel } from '../../src/convert.ts';
import { DecantError } from '../../src/errors.ts';
import { type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import type { DataType } from '../../src/tf/data-type.ts';
import type { AttrValue, TfModel, TfNode } from '../../src/tf/model.ts';
import { refused } from '../../src/translate/refused.ts';
import { TRANSLATORS } from '../../src/translate/translators.ts';
import { constant, int, text, type } from '../support/tf-records.ts';
import { readCase, TF_FAMILIES } from './tf-cases.ts';

/** Milliseconds of processor time. */
const TIME_LIMIT = 5000;

const CONSTANTS: readonly (readonly [DataType, Tensor])[] = [
  ['DT_INT32', tensorOf('i32', [], [7])],
  ['DT_INT32', tensorOf('i32', [], [-1])],
  ['DT_INT64', tensorOf('i64', [], [2 ** 40])],
  ['DT_INT32', tensorOf('i32', [2], [2 ** 31 - 1, 2 ** 31 - 1])],
  ['DT_INT64', tensorOf('i64', [3], [-1, 2 ** 40, 0])],
  ['DT_INT32', tensorOf('i32', [0], [])],
  ['DT_INT32', tensorOf('i32', [1, 1], [1])],
  ['DT_FLOAT', tensorOf('f32', [], [NaN])],
  ['DT_FLOAT', tensorOf('f32', [2, 1, 2, 1, 2, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])],
  ['DT_BOOL', tensorOf('boolean', [], [1])],
];

const ATTRIBUTES: readonly (AttrValue | undefined)[] = [
  undefined,
  int(-1),
  int(0),
  int(2 ** 40),
  { kind: 'float', value: NaN },
  text('x'),
  { kind: 'list', value: [] },
  { kind: 'list', value: [int(-1), int(2 ** 40), int(0), int(1)] },
  type('DT_STRING'),
  type('DT_BOOL'),
  type('DT_COMPLEX64'),
  { kind: 'shape', value: [2 ** 40, -1, 3] },
];

type Mutant = readonly [description: string, nodes: readonly TfNode[]];

/** Variants of a node with missing, further or other inputs and attributes. */
function* mutantsOf(node: TfNode): Generator<Mutant> {
  const { name, inputs, attrs } = node;
  for (const i of inputs.keys()) yield [`without inputs from ${i}`, [{ ...node, inputs: inputs.slice(0, i) }]];
  yield ['with its first input twice', [{ ...node, inputs: [...inputs, inputs[0] ?? name] }]];
  for (const i of inputs.keys()) {
    for (const [k, [dtype, value]] of CONSTANTS.entries()) {
      const given = constant(`${name}/given`, dtype, value);
      yield [`with constant ${k} as input ${i}`, [given, { ...node, inputs: inputs.with(i, given.name) }]];
    }
  }
  for (const attr of attrs.keys()) {
    for (const [k, value] of ATTRIBUTES.entries()) {
      const changed = new Map(attrs);
      if (value === undefined) changed.delete(attr);
      else changed.set(attr, value);
      yield [`with attribute ${attr} as ${k}`, [{ ...node, attrs: changed }]];
    }
  }
}

/** What is wrong with how a model is refused, if anything. */
async function problemOf(model: TfModel): Promise<string | undefined> {
  const start = process.cpuUsage();
  try {
    await convertTfModel(model, { compressToFp16: false });
  } catch (error) {
    if (!(error instanceof DecantError)) return String(error);
    // Without a check of its own, the op failed somewhere inside.
    if (error.code === 'internal' || error.cause instanceof Error) return `${error.code}: ${String(error.cause)}`;
  }
  const time = process.cpuUsage(start).user / 1000;
  return time > TIME_LIMIT ? `takes ${Math.round(time)} ms` : undefined;
}

const withNodes = (model: TfModel, nodes: readonly TfNode[]): TfModel => ({
  ...model,
  graph: new Map([...model.graph, ...nodes.map(node => [node.name, node] as const)]),
});

/** The first node of each op among the cases, with its model. */
async function examples(): Promise<ReadonlyMap<string, readonly [TfModel, TfNode]>> {
  const found = new Map<string, readonly [TfModel, TfNode]>();
  for (const tfCase of [...TF_FAMILIES.values()].flat()) {
    const model = await readCase(tfCase);
    for (const node of model.graph.values()) if (!found.has(node.op)) found.set(node.op, [model, node]);
  }
  return found;
}

it('refuses nodes with wrong inputs and attributes, and says why', async () => {
  const problems: string[] = [];
  for (const [op, [model, node]] of await examples()) {
    if (!Object.hasOwn(TRANSLATORS, op) || Object.hasOwn(refused, op)) continue;
    for (const [description, nodes] of mutantsOf(node)) {
      const problem = await problemOf(withNodes(model, nodes));
      if (problem !== undefined) problems.push(`${op} ${description}: ${problem}`);
    }
  }
  expect(problems).toEqual([]);
}, 600_000);
