import { beforeAll, describe, expect, it } from 'vitest';
import { COMPLEX } from '../../src/translate/complex.ts';
import { refused } from '../../src/translate/refused.ts';
import { TRANSLATORS } from '../../src/translate/translators.ts';
import { expectTensor } from './compare.ts';
import { type Results, runOnOpenVino } from './run-on-openvino.ts';
import { sideBySide } from './side-by-side.ts';
import { convertCase, INPUT_MODES, type InputMode, readCase, TF_FAMILIES, type TfCase } from './tf-cases.ts';

/** Cases in which decant's results differ from TensorFlow's, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'Maximum of NaN': 'OpenVINO returns the other operand',
  'Minimum of NaN': 'OpenVINO returns the other operand',
  'FloorMod by infinity': 'OpenVINO multiplies the quotient 0 by infinity',
  'Max over an empty axis': 'OpenVINO returns the lowest finite number',
  'Mean over an empty axis': 'OpenVINO returns 0',
  'Min over an empty axis': 'OpenVINO returns the largest finite number',
  'UnsortedSegmentMax i64': 'devices compute in 32 bits',
  'UnsortedSegmentMin i64': 'devices compute in 32 bits',
  'FakeQuantWithMinMaxArgs half-way between levels': 'OpenVINO rounds half to even',
  'MaxPoolWithArgmax SAME overlapping of unknown size': 'OpenVINO pads only at the end: not supported',
};

/** OpenVINO cannot run non-maximum suppression on constant boxes. */
const runs = ({ name }: TfCase, mode: InputMode): boolean => mode !== 'constant' || !name.includes('NonMaxSuppression');

const byDifference = (cases: readonly TfCase[], different: boolean): readonly (readonly [string, TfCase])[] =>
  cases.filter(({ name }) => name in DIFFERENT === different).map(tfCase => [tfCase.name, tfCase] as const);

describe.each([...TF_FAMILIES])('%s', (_family, cases) => {
  describe.each(INPUT_MODES)('%s', mode => {
    const named = byDifference(cases, false)
      .filter(([, tfCase]) => runs(tfCase, mode))
      .map(([name, tfCase], k) => [name, tfCase, k] as const);
    let results: Results;
    beforeAll(async () => {
      const graphs = await Promise.all(named.map(([, tfCase]) => convertCase(tfCase, mode)));
      const inputs = named.flatMap(([, tfCase, k]) =>
        [...(mode === 'constant' ? [] : tfCase.inputs)].map(([name, value]) => [`${k}.${name}`, value] as const),
      );
      results = await runOnOpenVino(sideBySide(graphs), new Map(inputs));
    });

    it.each(named)('%s', (_name, { outputs }, k) => {
      for (const [output, expected] of outputs) expectTensor(results.outputs.get(`${k}.${output}`), expected);
    });
  });

  it.each(byDifference(cases, true))('%s differs from TensorFlow', async (_name, tfCase) => {
    const answers = INPUT_MODES.map(async mode => {
      const graph = await convertCase(tfCase, mode);
      const { outputs } = await runOnOpenVino(graph, mode === 'constant' ? new Map() : tfCase.inputs);
      for (const [output, expected] of tfCase.outputs) expectTensor(outputs.get(output), expected);
    });
    const states = (await Promise.allSettled(answers)).map(({ status }) => status);
    expect(states).toContain('rejected');
  });
});

it('has a case for every translator', async () => {
  const covered = new Set<string>();
  for (const tfCase of [...TF_FAMILIES.values()].flat()) {
    const { graph, functions } = await readCase(tfCase);
    for (const { op } of graph.values()) covered.add(op);
    for (const { nodes } of functions.values()) for (const { op } of nodes.values()) covered.add(op);
  }
  const missing = Object.keys(TRANSLATORS).filter(op => !covered.has(op) && !Object.hasOwn(refused, op));
  expect(missing).toEqual([]);
});

it('has a case for every op that accepts complex numbers', async () => {
  const covered = new Set<string>();
  for (const tfCase of [...TF_FAMILIES.values()].flat()) {
    for (const { op, attrs } of (await readCase(tfCase)).graph.values()) {
      const types = [...attrs.values()].flatMap(attr => (attr.kind === 'type' ? [attr.value] : []));
      if (types.some(type => type.startsWith('DT_COMPLEX'))) covered.add(op);
    }
  }
  expect(Object.keys(COMPLEX).filter(op => !covered.has(op))).toEqual([]);
});

it('lists only existing cases as different', () => {
  const names = new Set([...TF_FAMILIES.values()].flat().map(({ name }) => name));
  expect(Object.keys(DIFFERENT).filter(name => !names.has(name))).toEqual([]);
});
