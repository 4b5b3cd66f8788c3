import { readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { evaluateCoco } from './evaluate-coco.ts';
import { parseCocoDataset, parseCocoResults } from './parse-coco.ts';

/** Metrics of pycocotools, from `tools/fixtures/coco_eval.py`. */
interface Expected {
  readonly stats: readonly number[];
  readonly categories: readonly Readonly<Record<'id' | 'AP' | 'AP50' | 'AP75' | 'AR100', number>>[];
  readonly curves: Readonly<Record<'AP' | 'AP50' | 'AP75', readonly number[]>>;
}

const FOLDER = new URL('../../test/fixtures/coco-eval/', import.meta.url);

const fixture = (name: string): { dataset: object; results: object; bbox: Expected; segm?: Expected } =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL(name, FOLDER))).toString()) as never;

/** The order of summation changes the last digits. */
const close = (number: number): unknown => expect.closeTo(number, 12);

describe('evaluateCoco', () => {
  const names = readdirSync(FOLDER);

  it('has all fixtures', () => expect(names.length).toBe(9));

  const kinds = names.flatMap(name => (['bbox', 'segm'] as const).map(iouType => [name, iouType] as const));

  it.each(kinds.filter(([name, iouType]) => iouType in fixture(name)))(
    'equals pycocotools: %s, %s',
    (name, iouType) => {
      const { dataset, results, [iouType]: expected } = fixture(name);
      const { stats, categories, curves } = evaluateCoco(
        parseCocoDataset(JSON.stringify(dataset), name),
        parseCocoResults(JSON.stringify(results), name),
        { iouType },
      );
      expect(Object.values(stats)).toEqual(expected!.stats.map(close));
      expect(categories.map(({ id, AP, AP50, AP75, AR100 }) => ({ id, AP, AP50, AP75, AR100 }))).toEqual(
        expected!.categories.map(({ id, ...numbers }) => ({
          id,
          ...Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, close(number)])),
        })),
      );
      expect(curves).toEqual({
        AP: expected!.curves.AP.map(close),
        AP50: expected!.curves.AP50.map(close),
        AP75: expected!.curves.AP75.map(close),
      });
    },
  );

  it('rejects a missing mask', () => {
    const { dataset, results } = fixture('plain.json.br');
    const compare = (): unknown =>
      evaluateCoco(
        parseCocoDataset(JSON.stringify(dataset), 'plain'),
        parseCocoResults(JSON.stringify(results), 'plain'),
        { iouType: 'segm' },
      );
    expect(compare).toThrow('has no mask to compare');
  });
});
