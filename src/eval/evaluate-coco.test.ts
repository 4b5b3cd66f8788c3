import { readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { evaluateCoco } from './evaluate-coco.ts';
import { parseCocoDataset, parseCocoResults } from './parse-coco.ts';

/** What pycocotools says; `tools/fixtures/coco_eval.py` makes the sets. */
interface Answers {
  readonly stats: readonly number[];
  readonly categories: readonly Readonly<Record<'id' | 'AP' | 'AP50' | 'AP75' | 'AR100', number>>[];
  readonly curves: Readonly<Record<'AP' | 'AP50' | 'AP75', readonly number[]>>;
}

const FOLDER = new URL('../../test/fixtures/coco-eval/', import.meta.url);

const fixture = (name: string): { dataset: object; results: object; bbox: Answers; segm?: Answers } =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL(name, FOLDER))).toString()) as never;

/** Sums in another order differ in their last digits. */
const close = (number: number): unknown => expect.closeTo(number, 12);

describe('evaluateCoco', () => {
  const names = readdirSync(FOLDER);

  it('has sets of all kinds', () => expect(names.length).toBe(9));

  const kinds = names.flatMap(name => (['bbox', 'segm'] as const).map(iouType => [name, iouType] as const));

  it.each(kinds.filter(([name, iouType]) => iouType in fixture(name)))(
    'gives the numbers of pycocotools: %s, %s',
    (name, iouType) => {
      const { dataset, results, [iouType]: answers } = fixture(name);
      const { stats, categories, curves } = evaluateCoco(
        parseCocoDataset(JSON.stringify(dataset), name),
        parseCocoResults(JSON.stringify(results), name),
        { iouType },
      );
      expect(Object.values(stats)).toEqual(answers!.stats.map(close));
      expect(categories.map(({ id, AP, AP50, AP75, AR100 }) => ({ id, AP, AP50, AP75, AR100 }))).toEqual(
        answers!.categories.map(({ id, ...numbers }) => ({
          id,
          ...Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, close(number)])),
        })),
      );
      expect(curves).toEqual({
        AP: answers!.curves.AP.map(close),
        AP50: answers!.curves.AP50.map(close),
        AP75: answers!.curves.AP75.map(close),
      });
    },
  );

  it('says where a mask is missing', () => {
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
