import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Download, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Detector } from '../../src/api/detector.ts';
import type { Detection } from '../../src/detect/detection.ts';
import { convertModel, saveModel } from '../../src/index.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { browserTest, launchBrowser } from '../support/browser.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, modelPath, PHOTO } from '../support/models.ts';
import { movedPhoto } from '../support/moved-photo.ts';
import { core } from '../support/openvino.ts';
import { ROOT, temporaryFolder } from '../support/run-cli.ts';
import { testServer } from '../support/test-server.ts';

useFreshCache();

const SAVED_MODEL = join(ROOT, 'test/fixtures/saved-model/sharded.tar.gz');

/** Starts a browser whose camera sees the photo, moving to the right. */
async function browserWithCamera(): Promise<Browser & AsyncDisposable> {
  folder = await mkdtemp(join(tmpdir(), 'decant-camera-'));
  const path = join(folder, 'camera.mjpeg');
  const frames = await Promise.all(Array.from({ length: 40 }, (_, i) => movedPhoto(i)));
  await writeFile(path, Buffer.concat(frames));
  return launchBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${path}`,
  ]);
}

const MOVENET = modelPath('movenet-lightning');

const LIVENESS_MODEL = { name: 'liveness', path: LIVENESS };

const PAGE = join(ROOT, 'dist/page');

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: RunningServer;
let folder: string;
let browser: Browser & AsyncDisposable;
let detections: readonly Detection[];

beforeAll(async () => {
  using detector = await Detector.load(CENTERNET, { core, device: 'CPU', performanceHint: 'throughput' });
  ({ detections } = await detector.detect(await readFile(PHOTO), { threshold: 0.05 }));
  const models = [
    { name: 'centernet', path: CENTERNET },
    { name: 'movenet', path: MOVENET },
  ];
  [server, browser] = await Promise.all([testServer({ models, page: PAGE }), browserWithCamera()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
});

interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the console and failed requests have said. */
  readonly complaints: string[];
}

async function open(options: Parameters<Browser['newContext']>[0] = {}, from = server): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(error.message));
  page.on('request', request => {
    if (!/^(?:blob|data):/.test(request.url()) && !request.url().startsWith(from.url)) complaints.push(request.url());
  });
  await page.goto(from.url);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The serious faults that axe-core finds. */
async function faults(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate<readonly Violation[]>(`${AXE}; axe.run().then(({ violations }) => violations)`);
  return found
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const above = (threshold: number): readonly Detection[] => detections.filter(({ score }) => score >= threshold);

/** Whether the canvas is painted at points of the photo. */
const arePainted = (page: Page, points: readonly (readonly [x: number, y: number])[]): Promise<readonly boolean[]> =>
  page.locator('canvas').evaluate((element, places) => {
    const canvas = element as unknown as Canvas;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    return places.map(([x, y]) => data[4 * (Math.round(y) * width + Math.round(x)) + 3]! > 200);
  }, points);

/** Drops a file on the page, as from the desktop. */
async function drop(page: Page, path: string): Promise<void> {
  const content = (await readFile(path)).toString('base64');
  const dropped = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob('${content}'), letter => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], '${basename(path)}'));
    return transfer;
  })()`);
  await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
}

const middleOf = ({ box: { xmin, xmax, ymin, ymax } }: Detection): readonly [x: number, y: number] => [
  (xmin + xmax) / 2,
  (ymin + ymax) / 2,
];

/** Moves the mouse to a point of the photo. */
async function hover(page: Page, [x, y]: readonly [x: number, y: number]): Promise<void> {
  const canvas = page.locator('canvas');
  const [width] = await canvas.evaluate(sizeOf);
  const { width: shown } = (await canvas.boundingBox())!;
  const scale = shown / width!;
  await canvas.hover({ position: { x: x * scale, y: y * scale } });
}

const sizeOf = (canvas: unknown): readonly number[] => {
  const { width, height } = canvas as Canvas;
  return [width, height];
};

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
}

describe('the page', () => {
  browserTest('compiles for a device, and draws what a model finds', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByText('Ready on CPU').waitFor();
    // The model may be compiled before the page is looked at.
    await page.route('**/device', async route => {
      await page.getByText('Compiling for AUTO').waitFor();
      await route.continue();
    });
    await page.getByRole('combobox', { name: 'Device' }).selectOption('AUTO');
    await page.getByText('Compiling for AUTO').waitFor({ state: 'hidden' });
    await page.getByText('Ready on CPU').waitFor();
    expect(server.models.find('centernet').device).toBe('AUTO');

    await drop(page, PHOTO);
    await page.getByText(`${above(0.5).length} found: `).waitFor();
    expect(await page.locator('canvas').getAttribute('aria-label')).toContain(`${above(0.5).length} found`);
    expect(await page.getByRole('row').count()).toBe(above(0.5).length + 1);
    const edges = above(0.5).flatMap(({ box: { xmin, xmax, ymin, ymax } }) => [
      [xmin, (ymin + ymax) / 2] as const,
      [xmax - 1, (ymin + ymax) / 2] as const,
    ]);
    expect(await arePainted(page, [...edges, [2, 2]])).toEqual([...edges.map(() => true), false]);

    await hover(page, middleOf(above(0.5)[0]!));
    expect(await page.getByRole('row').nth(1).getAttribute('class')).toBe('selected');
    await hover(page, [2, 2]);
    expect(await page.getByRole('row').nth(1).getAttribute('class')).toBeNull();

    await page.getByLabel(/^Lowest score/).fill('0.3');
    await page.getByText(`${above(0.3).length} found: `).waitFor();
    expect(above(0.3).length).toBeGreaterThan(above(0.5).length);
    await page.getByRole('checkbox', { name: /^person/ }).uncheck();
    const others = above(0.3).filter(({ label }) => label !== 'person');
    await page.getByText(others.length === 0 ? 'nothing found' : `${others.length} found: `).waitFor();
    await page.getByRole('checkbox', { name: /^person/ }).check();

    const first = page.getByRole('row').nth(1);
    await first.getByRole('button').click();
    expect(await first.getByRole('button').getAttribute('aria-pressed')).toBe('true');
    await page.mouse.move(1, 1);
    await page.getByText('Model information').click();
    expect(await first.getAttribute('class')).toBe('selected');
    await page.getByText('centernet-boxes').waitFor();
    const download = await downloadBy(page, 'Download image');
    expect(download.suggestedFilename()).toBe('samples.boxes.png');
    expect(await sharp(await download.path()).metadata()).toMatchObject({ format: 'png', width: 1280, height: 1158 });

    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  browserTest('detects in the frames of a camera', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByText('Ready on CPU').waitFor();
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByText(/^with transfer/).waitFor();
    expect(await page.locator('canvas').evaluate(sizeOf)).toEqual([640, 580]);
    await page.getByLabel(/^Lowest score/).fill('0.3');
    await page.getByRole('button', { name: /^person 1$/ }).waitFor();
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    await page.getByLabel('Camera').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  browserTest('detects keypoints in its sample', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByText('Ready on CPU').waitFor();
    await page.getByRole('combobox', { name: 'Model' }).selectOption('movenet');
    await page.getByRole('button', { name: 'Try a sample' }).click();
    await page.getByText(/^with transfer/).waitFor();
    expect(
      await page
        .getByAltText('coffee.jpg')
        .evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(600);
    await drop(page, PHOTO);
    await page.getByAltText('samples.jpg').waitFor();
    await page.getByText(/^with transfer/).waitFor();
    await page.getByLabel(/^Lowest score/).fill('0.05');
    await page.getByText('1 found: 1 person').waitFor();
    using detector = await Detector.load(MOVENET, { core, device: 'CPU', performanceHint: 'throughput' });
    const {
      detections: [person],
    } = await detector.detect(await readFile(PHOTO), { threshold: 0.05 });
    const sure = person!.keypoints!.filter(({ score }) => score >= 0.3);
    expect(sure.length).toBeGreaterThan(2);
    expect(
      await arePainted(
        page,
        sure.map(({ x, y }) => [x, y] as const),
      ),
    ).toEqual(sure.map(() => true));
    expect(complaints).toEqual([]);
  });

  browserTest('tells why an image is refused', async () => {
    await using opened = await open();
    const { page } = opened;
    await page.getByText('Ready on CPU').waitFor();
    await page.getByLabel('Image file').setInputFiles(SAVED_MODEL);
    await page.getByRole('alert').getByText('an archive, or another file in gzip').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  browserTest('asks for the API key', async () => {
    const locked = await testServer({ models: [LIVENESS_MODEL], page: PAGE, access: { apiKey: 'secret' } });
    try {
      await using opened = await open({}, locked);
      const { page } = opened;
      await page.getByRole('alert').getByText('an API key is required').waitFor();
      expect(await faults(page)).toEqual([]);
      await page.getByLabel('API key').fill('secret');
      await page.getByRole('button', { name: 'Use key' }).click();
      await page.getByText('Ready on CPU').waitFor();
    } finally {
      await locked.close();
    }
  });
});

const downloadBy = async (page: Page, name: string | RegExp): Promise<Download> => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return download;
};

describe('conversion on the page', () => {
  browserTest.each([
    ['a TensorFlow.js model', [LIVENESS, LIVENESS.replace('.json', '.bin')], 'liveness'],
    ['a SavedModel', [SAVED_MODEL], 'sharded'],
  ])('writes the files of the command: %s', async (_, files, name) => {
    const { xml, bin } = await saveModel(await convertModel(files[0]!), join(await temporaryFolder(), `${name}.xml`));
    const dark = { colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const;
    await using opened = await open(dark);
    const { page, complaints } = opened;
    await page.getByRole('link', { name: 'Convert' }).click();
    await page.getByLabel('Files of a model').setInputFiles(files);
    await page.getByText(`Converted ${name} in`).waitFor();
    for (const path of [xml, bin]) {
      const download = await downloadBy(page, new RegExp(`^${basename(path)} `));
      expect(download.suggestedFilename()).toBe(basename(path));
      expect(Buffer.compare(await readFile(await download.path()), await readFile(path)), path).toBe(0);
    }
    const drawing = page.getByAltText(`Architecture of ${name}`);
    expect(await drawing.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(1120);
    expect(await page.getByRole('cell', { name: 'Parameter', exact: true }).count()).toBe(1);
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  browserTest('tells why a model is refused', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByRole('link', { name: 'Convert' }).click();
    await page.getByLabel('Files of a model').setInputFiles(PHOTO);
    await page.getByRole('alert').getByText('is an image').waitFor();
    expect(complaints).toEqual([]);
  });
});
