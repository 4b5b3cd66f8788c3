import { expect, it } from 'vitest';
import { convertTfModel } from '../../src/convert.ts';
import { isStaticDim } from '../../src/tensor/dim.ts';
import { runOnOpenVino } from './run-on-openvino.ts';
import { readCase, TF_FAMILIES } from './tf-cases.ts';

it('fails at inference if unknown channels turn out to be those of several groups', async () => {
  const tfCase = [...TF_FAMILIES].flatMap(([, cases]) => cases).find(({ name }) => name === 'Conv2D of groups')!;
  const [name, { shape }] = [...tfCase.inputs][0]!;
  const model = await readCase(tfCase);
  const node = model.graph.get(name)!;
  const attrs = new Map([...node.attrs, ['shape', { kind: 'shape', value: shape.map(() => -1) }] as const]);
  const graph = new Map([...model.graph, [name, { ...node, attrs }] as const]);
  const { graph: converted } = await convertTfModel({ ...model, graph }, { compressToFp16: false });
  expect([...converted.inputs.values()].flatMap(input => input.shape).filter(isStaticDim)).toEqual([]);
  await expect(runOnOpenVino(converted, tfCase.inputs)).rejects.toThrow(/eshape/);
});
