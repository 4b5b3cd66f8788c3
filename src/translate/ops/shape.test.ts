import { describe, expect, it } from 'vitest';
import { inferenceGraphOf } from '../../../test/support/inference-graphs.ts';
import { node, placeholder } from '../../../test/support/tf-records.ts';
import { formatShape } from '../../tensor/dim.ts';
import { translate } from '../translate.ts';

const squeezed = async (
  ...shape: readonly (number | { readonly min: number; readonly max: number })[]
): Promise<string> => {
  const inputs = [{ name: 'x', node: 'x', dtype: 'DT_FLOAT', shape }] as const;
  const graph = await translate(inferenceGraphOf([placeholder('x'), node('y', 'Squeeze', ['x'])], ['y'], { inputs }));
  return formatShape(graph.outputs.get('y')!.shape);
};

describe('Squeeze without axes', () => {
  it('removes the axes of size 1', async () => {
    expect(await squeezed(1, 2, 1, 3)).toBe('[2,3]');
  });

  it('keeps a dynamic axis that cannot be 1', async () => {
    expect(await squeezed({ min: 2, max: 8 }, 1, 3)).toBe('[?,3]');
  });

  it('is rejected if a dynamic size may be 1', async () => {
    await expect(squeezed(-1, 1, 3)).rejects.toThrow('needs to know whether dimension 0 of its input is 1');
    await expect(squeezed({ min: 1, max: 8 }, 1, 3)).rejects.toThrow('dimension 0');
  });
});
