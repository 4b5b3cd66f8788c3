import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, run, temporaryFolder } from '../support/run-cli.ts';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  name => spawnSync(name, ['--version']).status === 0,
);

/** With DECANT_TEST_ALL, a missing browser fails the test. */
const browserTest = it.skipIf(CHROMIUM === undefined && process.env['DECANT_TEST_ALL'] === undefined);

/** Returns the page's DOM after its script has run. */
async function open(path: string, hash: string): Promise<string> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  const { code, stdout } = await run(CHROMIUM!, [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet, '--virtual-time-budget=2000'],
    `--user-data-dir=${await temporaryFolder()}`,
    '--dump-dom',
    pathToFileURL(path).href + hash,
  ]);
  expect(code).toBe(0);
  return stdout;
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
const shownBoxes = (page: string): number => count(page, /<g data-object="box"(?![^>]*class="off")/g);
const total = (page: string): number => Number(/<strong data-total="">(\d+)</.exec(page)![1]);

browserTest('the page of detect --report shows the objects that its slider and classes select', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'report.html');
  const { code, stderr } = await decant(['detect', CENTERNET, PHOTO, PHOTO, '--threshold', '0.1', '--report', path]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`\nsaved ${path}\n`) as string });

  const all = await open(path, '');
  expect(shownBoxes(all)).toBe(total(all));
  const some = await open(path, '#threshold=0.35');
  const scores = [...all.matchAll(/<g data-object="box" data-score="([\d.]+)"/g)].map(([, score]) => Number(score));
  expect(total(some)).toBe(scores.filter(score => score >= 0.35).length);
  expect(shownBoxes(some)).toBe(total(some));
  expect(total(some)).toBeLessThan(total(all));
  expect(some).toContain('<output data-threshold="">0.35</output>');
  expect(total(await open(path, '#threshold=0.35&hide=0'))).toBe(0);

  // Moves the slider, then hides a class.
  const moved = join(folder, 'moved.html');
  const hand = `<script>
    const one = selector => document.querySelector(selector);
    const tell = word => document.body.append(word + ' ' + one('[data-total]').textContent + location.hash + ' ');
    // A headless browser draws few frames.
    window.requestAnimationFrame = work => setTimeout(work, 16);
    const later = work => setTimeout(work, 300);
    one('[data-slider]').value = 0.35;
    one('[data-slider]').dispatchEvent(new Event('input'));
    later(() => {
      tell('slid');
      one('[data-class-toggle="0"]').click();
      later(() => tell('hid'));
    });
  </script>`;
  await writeFile(moved, (await readFile(path, 'utf8')).replace('</body>', `${hand}</body>`));
  const page = await open(moved, '');
  expect(page.slice(-200)).toContain(`slid ${total(some)}#threshold=0.35 hid 0#threshold=0.35&amp;hide=0 `);
});

it('rejects an unwritable report before it detects', async () => {
  const folder = await temporaryFolder();
  const outcome = await decant(['detect', CENTERNET, PHOTO, '--json', '--report', folder]);
  expectFailure(outcome, 1, `cannot write '${folder}'`, 'it is a folder');
});

it('eval --report writes a page', async () => {
  const folder = await temporaryFolder();
  const [annotations, results, path] = ['a.json', 'r.json', 'new/eval.html'].map(name => join(folder, name));
  const annotation = { id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 50, 50], area: 2500, iscrowd: 0 };
  const dataset = { images: [{ id: 1 }], categories: [{ id: 1, name: 'dog' }], annotations: [annotation] };
  await writeFile(annotations!, JSON.stringify(dataset));
  await writeFile(results!, JSON.stringify([{ ...annotation, score: 0.5 }]));
  const args = ['eval', '--results', results!, '--annotations', annotations!, '--report', path!];
  expect(await decant(args)).toMatchObject({ code: 0, stderr: `saved ${path!}\n` });
  expect(await readFile(path!, 'utf8')).toMatch(/<td>dog<\/td>\s*<td class="number">1<\/td>/);
});
