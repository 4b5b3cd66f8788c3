import { expect, it } from 'vitest';
import { applyPasses } from '../support/apply-passes.ts';
import { expectTensor } from './compare.ts';
import { graphOf, QUIRKS } from './openvino-quirks.ts';
import { runOnOpenVino } from './run-on-openvino.ts';

it.each(['MatMul by a square constant and by its transpose', 'Pad before a convolution that pads open sizes'])(
  'computes %s',
  async name => {
    const quirk = QUIRKS[name]!;
    const { outputs } = await runOnOpenVino(
      applyPasses(graphOf(quirk)),
      new Map(quirk.inputs.map((x, i) => [`x${i}`, x])),
    );
    expect(outputs.size).toBe(1);
    expectTensor(outputs.get('y'), quirk.right);
  },
);
