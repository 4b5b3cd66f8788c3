import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow } from '../support/run-cli.ts';

/** A model that would be noticed to be missing as soon as it is read. */
const MODEL = 'gone.pb';

const folder = await mkdtemp(join(tmpdir(), 'decant-test-'));

beforeAll(async () => {
  await writeFile(join(folder, 'text.jpg'), 'Not an image.');
  await writeFile(join(folder, 'text.mp4'), 'Not a video.');
  await writeFile(join(folder, 'empty.jpg'), '');
  await writeFile(join(folder, 'file'), '');
  await writeFile(join(folder, 'labels.json'), '[');
  await writeFile(
    join(folder, 'coco.json'),
    '{"images":[{"id":1,"file_name":"empty.jpg","width":9,"height":9}],"annotations":[],"categories":[]}',
  );
  await mkdir(join(folder, 'nothing'));
});

const INPUTS: readonly (readonly [args: readonly string[], ...texts: readonly string[]])[] = [
  [['detect', MODEL, 'gone.jpg'], 'gone.jpg does not exist'],
  [['detect', MODEL, 'text.jpg'], 'text.jpg is not an image', 'try: Convert it'],
  [['detect', MODEL, 'empty.jpg'], 'empty.jpg is empty', 'try: Copy or download it again'],
  [['detect', MODEL, 'gone.jpg', 'text.jpg'], 'none of the 2 inputs can be read: gone.jpg does not exist'],
  [['detect', MODEL, 'text.mp4'], 'text.mp4 cannot be read as a video'],
  [['detect', MODEL, 'nothing'], "'nothing' has no images or videos", 'try: Names in folders'],
  [['detect', MODEL, 'nothing/*.jpg'], "no image or video matches 'nothing/*.jpg'", 'try: Names in folders'],
  [['detect', MODEL, 'nothin/*.jpg'], "matches 'nothin/*.jpg'", "There is no folder 'nothin'. Did you mean 'nothing'?"],
  [['detect', MODEL, PHOTO, '--labels', 'labels.json'], 'labels.json is not JSON'],
  [['quantize', MODEL, '--images', 'gone.jpg'], 'gone.jpg does not exist'],
  [['quantize', MODEL, '--images', PHOTO, '--annotations', 'labels.json'], 'labels.json is not JSON'],
  [['verify', MODEL, PHOTO, 'text.jpg'], 'text.jpg is not an image'],
  [['bench', MODEL, '-i', 'gone.jpg'], 'gone.jpg does not exist'],
  [['eval', MODEL, '.', '--annotations', 'coco.json', '--labels', 'labels.json'], 'labels.json is not JSON'],
];

const OUTPUTS: readonly (readonly string[])[] = [
  ['detect', MODEL, PHOTO, '--save', 'file/found'],
  ['detect', MODEL, PHOTO, '--save', 'file/found.jpg'],
  ['detect', MODEL, PHOTO, '--crop', 'file/found'],
  ['detect', MODEL, PHOTO, '--report', 'file/found.html'],
  ['detect', MODEL, PHOTO, '-o', 'file/found.json'],
  ['detect', MODEL, PHOTO, '--format', 'yolo', '-o', 'file'],
  ['eval', MODEL, '.', '--annotations', 'coco.json', '--save', 'file/found.json'],
  ['quantize', MODEL, '--images', PHOTO, '-o', 'file/int8.xml'],
  ['quantize', MODEL, '--images', PHOTO, '--report', 'file/found.html'],
  ['bench', MODEL, '--report', 'file/found.html'],
  ['bench', MODEL, '--report_type', 'no_counters', '--report_folder', 'file'],
  ['convert', MODEL, '-o', 'file/'],
  ['convert', MODEL, '-o', 'file/model.xml'],
  ['info', MODEL, '--graph', 'file/model.svg'],
  ['export', MODEL, '--ovms', 'file/models'],
  ['worker', MODEL, '--results', 'file/found'],
];

afterAll(() => rm(folder, { recursive: true }));

describe('before the model is read', () => {
  it.each(INPUTS.map(([args, ...texts]) => ({ args, texts })))(
    'refuses the input of $args',
    async ({ args, texts }) => {
      expectFailure(await decant(args, { cwd: folder }), 1, ...texts);
    },
  );

  it.each(OUTPUTS)('refuses an output in place of a file: %s %s %s %s %s', async (...args) => {
    const outcome = await decant(args, { cwd: folder });
    expectFailure(outcome, 1, "cannot write 'file", 'a part of the path is a file', 'try: Choose another path.');
  });

  it('creates nothing', async () => {
    await decant(['detect', MODEL, PHOTO, '--save', 'new/found', '-o', 'new/found.json'], { cwd: folder });
    await decant(['convert', MODEL, '-o', 'new/model.xml'], { cwd: folder });
    expect((await filesBelow(folder)).filter(path => path.startsWith('new'))).toEqual([]);
  });
});

it.each([
  ['detect', 'file', PHOTO],
  ['bench', 'file'],
  ['verify', 'file'],
  ['quantize', 'file', '--images', PHOTO],
])('%s refuses a missing device before what is no model', async (...args) => {
  const outcome = await decant([...args, '--device', 'XPU'], { cwd: folder });
  expectFailure(outcome, 1, "device 'XPU' is not available", 'Choose one of ');
});

it('goes on if only the first input cannot be read', async () => {
  const { code, stdout } = await decant(['detect', CENTERNET, 'gone.jpg', PHOTO, '--json'], { cwd: folder });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ images: [{ error: { code: 'not-found' } }, { file: PHOTO }] });
});
