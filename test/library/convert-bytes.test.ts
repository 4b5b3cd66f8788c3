import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import esbuild from 'esbuild';
import { zipSync } from 'fflate';
import { build as buildWithVite } from 'vite';
import { describe, expect, it } from 'vitest';
import { convertBytes, type ConvertBytesOptions, type ModelBytes } from '../../src/convert-bytes.ts';
import { convertModel, saveModel } from '../../src/index.ts';
import { fixtureFiles } from '../saved-model/fixtures.ts';
import { browserTest, launchBrowser } from '../support/browser.ts';
import { LIVENESS } from '../support/models.ts';
import { filesBelow, ROOT, temporaryFolder } from '../support/run-cli.ts';
import { serve } from '../support/server.ts';

const WEIGHTS = LIVENESS.replace('.json', '.bin');
const SAVED_MODEL = join(ROOT, 'test/fixtures/saved-model/sharded.tar.gz');

/** What a page loads before it converts; the rest is loaded by the first model, and rare parts by models that need them. */
const MAX_ENTRY_BYTES = 95_000;

/** What the page has loaded once it has converted a TensorFlow.js model. */
const MAX_USUAL_BYTES = 290_000;

interface Files {
  readonly xml: string;
  readonly bin: Buffer;
}

/** Converts on Node, from and to files. */
async function filesOf(model: string, options?: ConvertBytesOptions): Promise<Files> {
  const path = join(await temporaryFolder(), 'model.xml');
  const { xml, bin } = await saveModel(await convertModel(model, options), path);
  return { xml: await readFile(xml, 'utf8'), bin: await readFile(bin) };
}

async function expectFiles(model: ModelBytes, files: Files, options?: ConvertBytesOptions): Promise<void> {
  const { xml, bin } = await convertBytes(model, options);
  expect(xml).toBe(files.xml);
  expect(Buffer.compare(bin, files.bin)).toBe(0);
}

describe('convertBytes', () => {
  it('converts files by path in any form to the bytes that saveModel writes', async () => {
    const [json, bin] = [await readFile(LIVENESS), await readFile(WEIGHTS)];
    const expected = await filesOf(LIVENESS);
    const name = 'liveness';
    await expectFiles({ 'liveness.json': json, 'liveness.bin': bin }, expected, { name });
    await expectFiles(
      new Map<string, ArrayBuffer | Blob>([
        ['liveness/liveness.json', new Uint8Array(json).buffer],
        ['liveness/./liveness.bin', new Blob([new Uint8Array(bin)])],
      ]),
      expected,
    );
    const files = [new File([new Uint8Array(json)], 'liveness.json'), new File([new Uint8Array(bin)], 'liveness.bin')];
    await expectFiles(files, expected, { name });
  });

  it('converts archives, with options', async () => {
    const options = { inputShapes: [3], compressToFp16: false } as const;
    const expected = await filesOf(SAVED_MODEL, options);
    await expectFiles(await readFile(SAVED_MODEL), expected, { ...options, name: 'sharded' });
    const zip = zipSync(Object.fromEntries(await fixtureFiles('sharded')));
    await expectFiles(new File([new Uint8Array(zip)], 'sharded.zip'), expected, options);
  });

  it('reports progress, and waits for what onStep returns', async () => {
    const shares: number[] = [];
    let waiting = 0;
    const onStep: ConvertBytesOptions['onStep'] = async ({ progress }) => {
      expect(waiting++).toBe(0);
      shares.push(progress);
      await new Promise(resolve => setImmediate(resolve));
      waiting--;
    };
    await convertBytes(await readFile(SAVED_MODEL), { onStep });
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it.each([
    [undefined, 'invalid-argument'],
    [null, 'invalid-argument'],
    ['model.json', 'invalid-argument'],
    [5, 'invalid-argument'],
    [[1, 2], 'invalid-argument'],
    [{ 'model.json': 'text' }, 'invalid-argument'],
    [{ '../model.json': new Uint8Array(1) }, 'invalid-argument'],
    [
      [
        ['a', new Uint8Array(1)],
        ['./a', new Uint8Array(1)],
      ],
      'invalid-argument',
    ],
    [{}, 'not-a-model'],
    [new Uint8Array(), 'not-a-model'],
    [new Uint8Array(9), 'not-a-model'],
    [new Uint8Array([0x1f, 0x8b, 1, 2, 3]), 'malformed'],
  ])('rejects %j', async (model, code) => {
    await expect(convertBytes(model as ModelBytes)).rejects.toMatchObject({ name: 'DecantError', code });
  });
});

describe('a browser', () => {
  /** Bundles a page that converts the files of its form, as a project that installed decant would. Returns the scripts. */
  async function bundle(kind: 'esbuild' | 'vite'): Promise<ReadonlyMap<string, string>> {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules', 'decant'));
    const page = join(folder, 'page.js');
    await writeFile(
      page,
      `import { convertBytes } from 'decant/convert';
      globalThis.convert = async (id, options) => {
        const steps = [];
        const onStep = ({ name }) => void steps.push(name);
        const { xml, bin } = await convertBytes(document.getElementById(id).files, { ...options, onStep });
        return { xml, bin: [...bin], steps: steps.length };
      };`,
    );
    const outdir = join(folder, 'dist');
    if (kind === 'esbuild') {
      await esbuild.build({ entryPoints: [page], bundle: true, minify: true, format: 'esm', splitting: true, outdir });
    } else {
      await buildWithVite({
        root: folder,
        logLevel: 'error',
        build: {
          modulePreload: false,
          rolldownOptions: { input: page, output: { entryFileNames: 'page.js', chunkFileNames: '[name]-[hash].js' } },
        },
      });
    }
    const texts = (await filesBelow(outdir)).map(
      async file => [`/${file}`, await readFile(join(outdir, file), 'utf8')] as const,
    );
    return new Map(await Promise.all(texts));
  }

  browserTest.each(['esbuild', 'vite'] as const)('converts to the bytes of Node, bundled by %s', async kind => {
    const scripts = await bundle(kind);
    for (const script of scripts.values()) expect(/["'`]node:\w+["'`]/.exec(script)).toBeNull();

    const form = '<input type="file" id="files" multiple>';
    let loaded = 0;
    const { url } = await serve((request, response) => {
      const script = scripts.get(request.url ?? '');
      response.writeHead(200, { 'content-type': script === undefined ? 'text/html' : 'text/javascript' });
      response.end(
        script ?? `<!doctype html><meta charset="utf-8">${form}<script type="module" src="/page.js"></script>`,
      );
      loaded += Buffer.byteLength(script ?? '');
    });
    await using browser = await launchBrowser();
    const page = await browser.newPage();
    await page.goto(url);
    expect(loaded).toBeGreaterThan(1000);
    expect(loaded).toBeLessThan(MAX_ENTRY_BYTES);
    for (const [files, name, options] of [
      [[LIVENESS, WEIGHTS], 'liveness', {}],
      [[SAVED_MODEL], undefined, { batch: 2 }],
    ] as const) {
      await page.setInputFiles('#files', [...files]);
      const { xml, bin, steps } = await page.evaluate<{ xml: string; bin: number[]; steps: number }>(
        `convert('files', ${JSON.stringify({ ...options, name })})`,
      );
      const expected = await filesOf(files[0], options);
      expect(xml, basename(files[0])).toBe(expected.xml);
      expect(Buffer.compare(Buffer.from(bin), expected.bin)).toBe(0);
      expect(steps).toBeGreaterThan(10);
      if (files[0] === LIVENESS) expect(loaded).toBeLessThan(MAX_USUAL_BYTES);
    }
  });
});
