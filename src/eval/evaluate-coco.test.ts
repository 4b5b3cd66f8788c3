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

const fixture = (name: string): { dataset: object; results: object; bbox: Answers } =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL(name, FOLDER))).toString()) as never;

/** Sums in another order differ in their last digits. */
const close = (number: number): unknown => expect.closeTo(number, 12);

describe('evaluateCoco', () => {
  const names = readdirSync(FOLDER);

  it('has sets of all kinds', () => expect(names.length).toBe(8));

  it.each(names)('gives the numbers of pycocotools: %s', name => {
    const { dataset, results, bbox } = fixture(name);
    const { stats, categories, curves } = evaluateCoco(
      parseCocoDataset(JSON.stringify(dataset), name),
      parseCocoResults(JSON.stringify(results), name),
    );
    expect(Object.values(stats)).toEqual(bbox.stats.map(close));
    expect(categories.map(({ id, AP, AP50, AP75, AR100 }) => ({ id, AP, AP50, AP75, AR100 }))).toEqual(
      bbox.categories.map(({ id, ...numbers }) => ({
        id,
        ...Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, close(number)])),
      })),
    );
    expect(curves).toEqual({
      AP: bbox.curves.AP.map(close),
      AP50: bbox.curves.AP50.map(close),
      AP75: bbox.curves.AP75.map(close),
    });
  });
});
