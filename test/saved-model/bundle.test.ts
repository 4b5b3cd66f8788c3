import { describe, expect, it } from 'vitest';
import { unpackStrings } from '../../src/tensor/strings.ts';
import { numbersOf, type Tensor } from '../../src/tensor/tensor.ts';
import { sliceKey } from '../../src/tf/variables/slices.ts';
import { readTensorBundle, type TensorBundle } from '../../src/tf/variables/tensor-bundle.ts';
import { readTable } from '../../src/wire/leveldb-table.ts';
import { fixture } from './fixtures.ts';

const source = await fixture('bundle');
const bundle: TensorBundle = await readTensorBundle(source, 'bundle');

const data = (key: string): Tensor => bundle.tensor(key)!.data();

describe('a checkpoint saved by TensorFlow', () => {
  it.each<readonly [string, string, readonly number[], readonly number[]]>([
    ['f32', 'f32', [2, 3], [0, 0.25, 0.5, 0.75, 1, 1.25]],
    ['f64', 'f64', [2], [1e300, -0.25]],
    ['i8', 'i8', [2], [-128, 127]],
    ['bool', 'boolean', [3], [1, 0, 1]],
    ['f16', 'f16', [2], [0.5, -65504]],
    ['scalar', 'i32', [], [3]],
    ['empty', 'f32', [0, 5], []],
    ['umlaut/ä', 'f32', [1], [1]],
    ['halves', 'f32', [4, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ])('holds %s', (key, type, shape, numbers) => {
    expect(data(key)).toMatchObject({ type, shape });
    expect([...numbersOf(data(key))]).toEqual(numbers);
  });

  it('holds exact 64-bit integers', () => {
    expect([...data('i64').data]).toEqual([-(2n ** 62n), 2n ** 62n + 1n]);
  });

  it('holds strings with lengths of one, two and three bytes', () => {
    expect(unpackStrings(data('text5'))).toEqual(['a'.repeat(100)]);
    expect(unpackStrings(data('text6'))).toEqual(['b'.repeat(1000)]);
    expect(unpackStrings(data('text7'))).toEqual(['c'.repeat(20_000)]);
    expect(unpackStrings(data('texts'))).toEqual(['', 'one', 'd'.repeat(200)]);
  });

  it('has slices under the keys of sliceKey', async () => {
    const keys = new Set<string>();
    for (const [key] of readTable(await source.read('bundle.index'))) keys.add(Buffer.from(key).toString('latin1'));
    for (const start of [0, 1, 63, 64, 127, 128, 8191, 8192, 2 ** 20, 2 ** 20 + 1, 2 ** 27, 2 ** 34]) {
      expect(keys).toContain(sliceKey('far', [{ start, length: 1 }]));
    }
    expect(bundle.tensor('far')).toMatchObject({ dtype: 'DT_INT8', shape: [2 ** 34 + 1] });
    expect(() => data('far')).toThrow(
      `the slices of tensor 'far' of the checkpoint do not cover [17179869185] exactly once`,
    );
  });
});
