import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CocoEvaluation } from '../../src/eval/evaluate-coco.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

interface Answer extends CocoEvaluation {
  readonly detections: number;
  readonly unknownCategories: readonly object[];
}

const evaluate = (...args: readonly string[]): Promise<Outcome> => decant(['eval', ...args]);

const answerOf = async (...args: readonly string[]): Promise<Answer> =>
  jsonOf(await evaluate(...args, '--json')) as Answer;

interface Result {
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly score: number;
}

const image = { id: 7, file_name: 'party/samples.jpg', width: 1280, height: 1158 };
const categories = [
  { id: 40, name: 'person' },
  { id: 41, name: 'unicorn' },
];

/** A folder with the image and its annotations. */
async function dataset(annotations: readonly object[] = []): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'party'));
  await copyFile(PHOTO, join(folder, image.file_name));
  const file = join(folder, 'annotations.json');
  await writeFile(file, JSON.stringify({ images: [image], categories, annotations }));
  return { folder, file };
}

describe('eval', () => {
  it('evaluates a model, and its saved results', async () => {
    const blank = await dataset();
    const saved = join(blank.folder, 'out', 'results.json');
    const save = ['--annotations', blank.file, '--save', saved];
    const first = await evaluate(CENTERNET, blank.folder, ...save);
    expect(first).toMatchObject({ code: 0, stderr: `saved ${saved}\n` });
    expect(first.stdout).toMatch(/^ {2}AP +- +0\.50:0\.95 +all +100$/m);

    const results = JSON.parse(await readFile(saved, 'utf8')) as readonly Result[];
    expect(results.length).toBeGreaterThan(20);
    for (const result of results) expect(result).toMatchObject({ image_id: 7, category_id: 40 });
    // With its five best detections as ground truth it is perfect, except for a class that it never finds.
    const objects = [...results].sort((a, b) => b.score - a.score).slice(0, 5);
    const truth = await dataset([
      ...objects.map(({ bbox }, i) => ({ id: i + 1, image_id: 7, category_id: 40, bbox, area: 5000, iscrowd: 0 })),
      { id: 9, image_id: 7, category_id: 41, bbox: [0, 0, 9, 9], area: 81, iscrowd: 0 },
    ]);
    const { categories: classes, ...answer } = await answerOf(CENTERNET, truth.folder, '--annotations', truth.file);
    expect(answer).toMatchObject({ detections: results.length, unknownCategories: [{ id: 41, name: 'unicorn' }] });
    expect(answer.stats).toMatchObject({ APlarge: -1, ARsmall: 0 });
    expect(answer.stats.AP50).toBeCloseTo(0.5, 9);
    expect(classes[0]!.AP).toBeCloseTo(1, 9);
    expect(classes[1]).toMatchObject({
      ...categories[1],
      objects: 1,
      detections: 0,
      AP: 0,
      AP50: 0,
      AP75: 0,
      AR100: 0,
    });

    const again = await answerOf('--results', saved, '--annotations', truth.file);
    expect(again.stats).toEqual(answer.stats);
    const { stdout } = await evaluate('--results', saved, '--annotations', truth.file);
    expect(stdout).toMatch(/^ {2}person +5 +\d+ +1\.000 +1\.000 +1\.000 +1\.000$/m);
    expect(stdout).toMatch(/^ {2}0\.50:0\.95( +0\.500){11}$/m);
  });

  it('compares masks', async () => {
    const mask = { size: [1158, 1280], counts: [1158 * 100 + 50, 40, 1118, 40, 1158 * 1178 - 90 - 1158] };
    const { folder, file } = await dataset([
      { id: 1, image_id: 7, category_id: 40, bbox: [100, 50, 2, 40], area: 80, iscrowd: 0, segmentation: mask },
    ]);
    const results = join(folder, 'results.json');
    const result = { image_id: 7, category_id: 40, bbox: [0, 0, 9, 9], score: 0.5 };
    await writeFile(results, JSON.stringify([{ ...result, segmentation: [[100, 50, 102, 50, 102, 90, 100, 90]] }]));
    const run = ['--results', results, '--annotations', file];
    expect((await answerOf(...run)).stats.AP).toBe(0);
    expect((await answerOf(...run, '--iou-type', 'segm')).stats.AP50).toBeCloseTo(1);
    await writeFile(results, JSON.stringify([result]));
    expectFailure(await evaluate(...run, '--iou-type', 'segm'), 1, 'a result of image 7 has no mask', 'try: ');
  });

  it('leaves out missing images only with --skip-missing', async () => {
    const { folder, file } = await dataset();
    const gone = { ...image, id: 8, file_name: 'party/gone.jpg' };
    await writeFile(file, JSON.stringify({ images: [image, gone], categories, annotations: [] }));
    const run = [CENTERNET, folder, '--annotations', file];
    expectFailure(
      await evaluate(...run),
      1,
      '1 of 2 images are missing from',
      "such as 'party/gone.jpg'",
      '--skip-missing',
    );
    expect(await answerOf(...run, '--skip-missing')).toMatchObject({ images: 1 });
    await writeFile(join(folder, gone.file_name), 'not an image');
    const { code, stderr } = await evaluate(...run);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('gone.jpg is not an image') as string,
    });
  });

  it('rejects what it cannot evaluate', async () => {
    const { folder, file } = await dataset();
    const annotations = ['--annotations', file];
    const results = join(folder, 'results.json');
    const saved = join(folder, 'saved.json');
    const write = (content: object): Promise<void> => writeFile(results, JSON.stringify(content));
    expectFailure(await evaluate(...annotations), 2, 'nothing to evaluate', '--results');
    expectFailure(await evaluate(CENTERNET, ...annotations), 2, 'the folder of the annotated images was not named');
    expectFailure(
      await evaluate(CENTERNET, '--results', results, ...annotations),
      2,
      '--results cannot be combined with a model',
    );
    expectFailure(await evaluate('--results', results, ...annotations), 1, `'${results}' does not exist`);
    await write([{ image_id: 6, category_id: 40, bbox: [0, 0, 1, 1], score: 1 }]);
    expectFailure(
      await evaluate('--results', results, ...annotations),
      1,
      'results refer to image 6, which is not in the annotations',
    );
    await write([{ image_id: 7, category_id: 40, bbox: [0, 0, 1], score: 1 }]);
    expectFailure(await evaluate('--results', results, ...annotations), 1, 'results.json[0].bbox is not four numbers');
    expectFailure(
      await evaluate('--results', results, '--annotations', results),
      1,
      'contains results, not annotations',
    );
    for (const name of ['saved.csv', 'photo.jpg', 'saved']) {
      const misnamed = await evaluate(CENTERNET, folder, ...annotations, '--save', join(folder, name));
      expectFailure(misnamed, 2, `${name}' would be a COCO results file`, '.json');
    }
    const missing = await evaluate(CENTERNET, join(folder, 'nowhere'), ...annotations, '--save', saved);
    expectFailure(missing, 1, "nowhere' does not exist");
    expect(await filesBelow(folder)).toEqual(['annotations.json', 'party/samples.jpg', 'results.json']);
  });
});
