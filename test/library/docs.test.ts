import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { type Outcome, ROOT, run } from '../support/run-cli.ts';
import { makeClip } from '../support/clips.ts';

const DOCS = join(ROOT, 'docs');
const PAGES = [
  join(ROOT, 'README.md'),
  ...(await readdir(DOCS, { recursive: true })).filter(file => file.endsWith('.md')).map(file => join(DOCS, file)),
];

/** The TypeScript of a page, block by block, as the files that it becomes. */
async function blocksOf(page: string): Promise<readonly (readonly [file: string, code: string])[]> {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)];
  return blocks.map(([, code], i) => [`${basename(page, '.md')}-${i}.ts`, code!] as const);
}

const BLOCKS = (await Promise.all(PAGES.map(blocksOf))).flat();

describe('the TypeScript of the documentation', () => {
  let folder: string;

  /** Runs a block as somebody does who has a model and a photo beside it. */
  async function runBlock(file: string): Promise<Outcome> {
    const outcome = await run(process.execPath, [file.replace('.ts', '.js')], { cwd: folder });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return outcome;
  }

  beforeAll(async () => {
    // In a folder of this package its own name leads to the built package, as it does for those who install it.
    await mkdir(join(ROOT, 'tmp'), { recursive: true });
    folder = await mkdtemp(join(ROOT, 'tmp', 'docs-'));
    const config = { extends: '../../tsconfig.json', compilerOptions: { noEmit: false }, include: ['*.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [file, code] of BLOCKS) await writeFile(join(folder, file), code);
    for (const ending of ['.json', '.bin']) {
      await copyFile(CENTERNET.replace('.json', ending), join(folder, `centernet${ending}`));
    }
    await copyFile(PHOTO, join(folder, 'photo.jpg'));
    makeClip(join(folder, 'clip.mp4'), '320x180', '10');
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(await run(process.execPath, [compiler, '-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is there', () => {
    expect(BLOCKS.length).toBeGreaterThan(8);
  });

  it('of the README converts, and finds people', async () => {
    const { stdout } = await runBlock('README-0.ts');
    expect(stdout).toMatch(/^person 0\.\d\d \d+ \d+\n/);
    expect((await stat(join(folder, 'found.png'))).size).toBeGreaterThan(100_000);
  });

  it('runs any model', async () => {
    const { stdout } = await runBlock('from-openvino-node-0.ts');
    expect(stdout).toBe('[ 1, 100, 6 ]\n');
  });

  it('reads outputs by position and by name', async () => {
    expect((await runBlock('from-the-python-tutorial-0.ts')).stdout).toMatch(/^true$/m);
  });

  it.each(
    BLOCKS.map(([file]) => file).filter(
      file => !/^(?:README|from-openvino-node|from-the-python|adding-an-op)/.test(file),
    ),
  )('runs: %s', async file => {
    expect((await runBlock(file)).stdout).not.toBe('');
  });
});

it('can be required by CommonJS', async () => {
  const script = "const { COCO_80, VERSION } = require('decant'); console.log(VERSION, COCO_80.get(0));";
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  expect(await run(process.execPath, ['-e', script])).toEqual({ code: 0, stdout: `${version} person\n`, stderr: '' });
});

it.each(PAGES.map(page => [relative(ROOT, page), page] as const))(
  '%s names commands and options that there are',
  async (_, page) => {
    const text = await readFile(page, 'utf8');
    const lines = [...text.matchAll(/(?:^\$ |`)(decant [a-z]+[^`\n]*)/gm)].map(([, line]) => line!);
    for (const line of lines) {
      const [command, ...words] = line
        .split(/ [|;<>] /)[0]!
        .split(' ')
        .slice(1);
      const { stdout } = await run(process.execPath, [join(ROOT, 'bin', 'decant.js'), command!, '--help']);
      expect(stdout, line).toMatch(new RegExp(`^Usage: decant ${command!} `));
      for (const word of words) if (word.startsWith('-')) expect(stdout, line).toContain(word);
    }
  },
);
