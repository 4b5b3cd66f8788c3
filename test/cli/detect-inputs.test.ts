import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Detection } from '../../src/detect/detection.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

interface Answer {
  readonly images: readonly {
    readonly file: string;
    readonly page?: number;
    readonly width: number;
    readonly height: number;
    readonly detections: readonly Detection[];
  }[];
}

const detect = (...args: readonly string[]): Promise<Outcome> =>
  decant(['detect', CENTERNET, ...args, '--threshold', '0.3', '--json']);

const imagesOf = (outcome: Outcome): Answer['images'] => (jsonOf(outcome) as Answer).images;

/** Writes small copies of the photo to a new folder, and returns it. */
async function photos(...names: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await sharp(PHOTO).resize(320, 290).toFile(join(folder, name));
  }
  return folder;
}

/** A server that closes after the test. */
async function serve(listener: RequestListener): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('detect takes', () => {
  it('folders with their subfolders, sorted, and keeps them in what it writes', async () => {
    const folder = await photos('b.png', 'a/2.jpg', 'a/10.webp', '.hidden/c.jpg', 'a/.d.jpg', 'node_modules/e.jpg');
    await writeFile(join(folder, 'notes.txt'), 'not an image');
    await writeFile(join(folder, 'types.d.mts'), 'export declare const answer: 42;');
    const out = join(folder, 'out');
    const images = imagesOf(await detect(folder, '--save', out));
    expect(images.map(({ file }) => file)).toEqual(['a/10.webp', 'a/2.jpg', 'b.png'].map(name => join(folder, name)));
    expect(await filesBelow(out)).toEqual([
      'a/10-detected.webp',
      'a/2-detected.jpg',
      'b-detected.png',
      'decant-detections.jsonl',
    ]);
    // The next run does not take its output as input.
    expect(imagesOf(await detect(folder, '--save', out))).toHaveLength(3);
  });

  it('patterns', async () => {
    const folder = await photos('x/1.jpg', 'x/y/2.jpg', 'x/3.png', 'z[1].jpg');
    const names = async (pattern: string): Promise<readonly string[]> =>
      imagesOf(await detect(join(folder, pattern))).map(({ file }) => file.slice(folder.length + 1));
    expect(await names('**/*.jpg')).toEqual(['x/1.jpg', 'x/y/2.jpg', 'z[1].jpg']);
    expect(await names('x/{1.jpg,3.*}')).toEqual(['x/1.jpg', 'x/3.png']);
    expect(await names('z[1].jpg')).toEqual(['z[1].jpg']);
  });

  it('standard input', async () => {
    const args = ['detect', CENTERNET, '-', '--threshold', '0.3', '--json'];
    const [image] = imagesOf(await decant(args, { input: await readFile(PHOTO) }));
    expect(image).toMatchObject({ file: '-', width: 1280, height: 1158 });
    expect(image!.detections.length).toBeGreaterThanOrEqual(5);
    expectFailure(await decant(args), 1, 'decant: standard input is empty');
    const matroska = Buffer.from('1a45dfa3', 'hex');
    expectFailure(await decant(args, { input: matroska }), 1, 'not an image in a supported format', 'If it is a video');
  });

  it('URLs', async () => {
    const bytes = await readFile(PHOTO);
    const { server, address } = await serve(({ url }, response) => {
      if (url === '/photo.jpg') response.end(bytes);
      else if (url === '/moved?x=1') response.writeHead(302, { location: '/photo.jpg' }).end();
      else if (url === '/page.png') response.setHeader('content-type', 'text/html; charset=utf-8').end('<html>');
      else response.writeHead(404).end();
    });
    const images = imagesOf(await detect(`${address}/photo.jpg`, `${address}/moved?x=1`));
    expect(images.map(({ file, width }) => [file, width])).toEqual([
      [`${address}/photo.jpg`, 1280],
      [`${address}/moved?x=1`, 1280],
    ]);
    expectFailure(await detect(`${address}/gone.jpg`), 1, `${address}/gone.jpg cannot be fetched`, '404');
    expectFailure(await detect(`${address}/page.png`), 1, 'is not an image: the server sent text/html');
    server.close();
    expectFailure(await detect(`${address}/photo.jpg`), 1, 'cannot be fetched', 'ECONNREFUSED', 'try: ');
  });

  it('URLs through a proxy', async () => {
    const bytes = await readFile(PHOTO);
    const asked: string[] = [];
    const { address } = await serve(({ url = '' }, response) => {
      asked.push(url);
      response.end(bytes);
    });
    const url = 'http://pictures.invalid/photo.jpg';
    const outcome = await decant(['detect', CENTERNET, url, '--json'], { env: { HTTP_PROXY: address, NO_PROXY: '' } });
    expect(imagesOf(outcome)).toMatchObject([{ file: url, width: 1280 }]);
    expect(asked).toEqual([url]);
  });

  it('every page of a multi-page file, or those requested', async () => {
    const folder = await temporaryFolder();
    const gif = join(folder, 'two.gif');
    const frames = await sharp(PHOTO).resize(200, 180).extend({ bottom: 180 }).raw().toBuffer();
    const raw = { width: 200, height: 360, channels: 3, pageHeight: 180 } as const;
    await sharp(frames, { raw }).gif().toFile(gif);
    const save = (...more: readonly string[]): Promise<Outcome> => detect(gif, '--save', folder, ...more);
    const images = imagesOf(await save());
    expect(images.map(({ page, width, height }) => [page, width, height])).toEqual([
      [1, 200, 180],
      [2, 200, 180],
    ]);
    expect(images.map(({ detections }) => detections.length > 0)).toEqual([true, false]);
    expect(await filesBelow(folder)).toEqual(['two-p1-detected.png', 'two-p2-detected.png', 'two.gif']);
    expect(imagesOf(await save('--page', '2')).map(({ page }) => page)).toEqual([2]);
    expectFailure(await save('--page', '3-'), 1, `${gif} has no page 3-: its number of pages is 2`);
    expectFailure(await save('--page', '0'), 2, "'0' is not a page selection");
  });

  it('no folder without images, and no pattern without matches', async () => {
    const folder = await temporaryFolder();
    expectFailure(await detect(folder), 1, `'${folder}' has no images or videos`);
    expectFailure(await detect(join(folder, '*.jpg')), 1, 'no image or video matches');
  });
});

describe('detect reports', () => {
  it('only the requested classes', async () => {
    const labels = async (classes: string): Promise<readonly string[]> => {
      const [image] = imagesOf(await detect(PHOTO, '--classes', classes, '--max-detections', '2'));
      return image!.detections.map(({ label }) => label);
    };
    expect(await labels('person, dog')).toEqual(['person', 'person']);
    expect(await labels('0')).toEqual(['person', 'person']);
    expect(await labels('giraffe')).toEqual([]);
    expectFailure(await detect(PHOTO, '--classes', 'unicorn'), 1, "the model has no class named 'unicorn'", 'person');
  });

  it('each object as an image of its own', async () => {
    const folder = await temporaryFolder();
    const [image] = imagesOf(await detect(PHOTO, '--top', '2', '--crop', folder));
    expect(await filesBelow(folder)).toEqual(['samples-1-person.jpg', 'samples-2-person.jpg']);
    const { xmin, xmax, ymin, ymax } = image!.detections[0]!.box;
    const { width, height } = await sharp(join(folder, 'samples-1-person.jpg')).metadata();
    expect(Math.abs(width - (xmax - xmin))).toBeLessThanOrEqual(1);
    expect(Math.abs(height - (ymax - ymin))).toBeLessThanOrEqual(1);
  });
});
