import { describe, expect, it } from 'vitest';
import { graphOf, QUIRKS } from '../../test/ops/openvino-quirks.ts';
import { expectTensor } from '../../test/ops/compare.ts';
import { runOnOpenVino } from '../../test/ops/run-on-openvino.ts';
import { core } from '../../test/support/openvino.ts';
import { exactSums } from './exact-sums.ts';

describe('exactSums', () => {
  it.each(['CPU', 'AUTO'])('lets no CPU cut off sums, on %s', async device => {
    const quirk = QUIRKS['int8 sums of two products']!;
    const target = await exactSums(core, device, { hasWideSums: true });
    const x = new Map([['x0', quirk.inputs[0]!]]);
    const { outputs } = await runOnOpenVino(graphOf(quirk), x, target.config);
    expectTensor(outputs.get('y'), quirk.right);
    expect(target.notes.length).toBe(Object.keys(target.config).length);
  });

  it('leaves other devices alone', async () => {
    expect(await exactSums(core, 'GPU', { hasWideSums: true })).toEqual({ device: 'GPU', config: {}, notes: [] });
  });
});
