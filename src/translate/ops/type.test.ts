import { describe, expect, it } from 'vitest';
import { inferenceGraphOf } from '../../../test/support/inference-graphs.ts';
import { node, placeholder } from '../../../test/support/tf-records.ts';
import type { DataType } from '../../tf/data-type.ts';
import { translate } from '../translate.ts';

describe('Bitcast', () => {
  it.each([
    ['DT_DOUBLE', 'DT_INT64', 'from f64 to i64'],
    ['DT_FLOAT', 'DT_UINT8', 'from f32 to u8'],
    ['DT_UINT8', 'DT_INT16', 'from u8 to i16'],
    ['DT_INT32', 'DT_UINT32', 'from i32 to u32'],
    ['DT_HALF', 'DT_BFLOAT16', 'from f16 to bf16'],
  ] as const)('of computed %s to %s is refused', async (dtype: DataType, type: DataType, message) => {
    const cast = node('y', 'Bitcast', ['x'], { type: { kind: 'type', value: type } });
    const inputs = [{ name: 'x', node: 'x', dtype, shape: [2, 2] }];
    await expect(translate(inferenceGraphOf([placeholder('x'), cast], ['y'], { inputs }))).rejects.toThrow(message);
  });
});
