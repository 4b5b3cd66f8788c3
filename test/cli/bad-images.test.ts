import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const detect = (...args: readonly string[]): Promise<Outcome> => decant(['detect', CENTERNET, ...args]);

it('rejects what is not an image', async () => {
  const folder = await temporaryFolder();
  const [gone, text, empty] = [join(folder, 'gone.jpg'), join(folder, 'text.jpg'), join(folder, 'empty.jpg')];
  await writeFile(text, 'Not an image.');
  await writeFile(empty, '');
  await mkdir(join(folder, 'folder.jpg'));
  expectFailure(await detect(gone, '--json'), 1, `${gone} does not exist`);
  expectFailure(await detect(text, '--json'), 1, `${text} is not an image in a supported format`, 'try: Convert it');
  expectFailure(await detect(empty, '--json'), 1, `${empty} is empty`);
  expectFailure(await detect(join(folder, 'folder.jpg'), '--json'), 1, 'has no images or videos');
});

it('rejects a truncated image, and saves nothing', async () => {
  const folder = await temporaryFolder();
  const half = join(folder, 'half.jpg');
  const photo = await readFile(PHOTO);
  await writeFile(half, photo.subarray(0, photo.byteLength / 2));
  expectFailure(await detect(half, '--json', '--save', folder), 1, `${half} is corrupt or truncated`);
  expect(await filesBelow(folder)).toEqual(['half.jpg']);
});

it('returns results for the good images among bad ones', async () => {
  const folder = await temporaryFolder();
  const text = join(folder, 'text.jpg');
  await writeFile(text, 'Not an image.');
  const { code, stdout, stderr } = await detect(text, PHOTO, '--json', '--save', folder);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^decant: .*text\.jpg is not an image in a supported format\n {2}try: .*\n$/);
  expect(JSON.parse(stdout)).toMatchObject({ images: [{ file: text, error: { code: 'bad-image' } }, { file: PHOTO }] });
  expect(await filesBelow(folder)).toEqual(['decant-detections.jsonl', 'samples-detected.jpg', 'text.jpg']);
});

it.each([
  [1, 1],
  [12_000, 9_000],
])('accepts an image of %i x %i', async (width, height) => {
  const folder = await temporaryFolder();
  const image = join(folder, 'grey.jpg');
  await sharp({ create: { width, height, channels: 3, background: 'grey' }, limitInputPixels: false }).toFile(image);
  const found = jsonOf(await detect(image, '--json', '--save', join(folder, 'found.jpg')));
  expect(found).toMatchObject({ images: [{ width, height, detections: [] }] });
  expect(await sharp(join(folder, 'found.jpg'), { limitInputPixels: false }).metadata()).toMatchObject({
    width,
    height,
  });
});
