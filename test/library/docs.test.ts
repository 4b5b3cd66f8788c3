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

/** The TypeScript blocks of a page, as file names and code. */
async function blocksOf(page: string): Promise<readonly (readonly [file: string, code: string])[]> {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)];
  return blocks.map(([, code], i) => [`${basename(page, '.md')}-${i}.ts`, code!] as const);
}

const BLOCKS = (await Promise.all(PAGES.map(blocksOf))).flat();

/** The `@example` blocks of the source, as file names and code. */
async function examplesOf(): Promise<readonly (readonly [file: string, code: string])[]> {
  const folder = join(ROOT, 'src');
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.ts'));
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
  const blocks = texts.flatMap(text => [...text.matchAll(/@example\n \* ```ts\n(.*?)^ \* ```$/gms)]);
  return blocks.map(([, lines], i) => [`example-${i}.ts`, lines!.replaceAll(/^ \* ?/gm, '')] as const);
}

const EXAMPLES = await examplesOf();

describe('the TypeScript of the documentation', () => {
  let folder: string;

  /** Runs a block in a folder with a model and a photo. */
  async function runBlock(file: string): Promise<Outcome> {
    const outcome = await run(process.execPath, [file.replace('.ts', '.js')], { cwd: folder });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return outcome;
  }

  beforeAll(async () => {
    // Inside this package, its own name resolves to the build, as it does when installed.
    await mkdir(join(ROOT, 'tmp'), { recursive: true });
    folder = await mkdtemp(join(ROOT, 'tmp', 'docs-'));
    const config = { extends: '../../tsconfig.json', compilerOptions: { noEmit: false }, include: ['*.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [file, code] of [...BLOCKS, ...EXAMPLES]) await writeFile(join(folder, file), code);
    for (const ending of ['.json', '.bin']) {
      await copyFile(CENTERNET.replace('.json', ending), join(folder, `centernet${ending}`));
    }
    await copyFile(PHOTO, join(folder, 'photo.jpg'));
    makeClip(join(folder, 'clip.mp4'), '320x180', '10');
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(await run(process.execPath, [compiler, '-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is found', () => {
    expect(BLOCKS.length).toBeGreaterThan(8);
  });

  it('includes an example for every public function and class', async () => {
    const api = await readFile(join(ROOT, 'test/conventions/public-api.txt'), 'utf8');
    const values = api.split('\n').filter(name => name !== '' && !name.startsWith('type '));
    const imports = EXAMPLES.map(([, code]) => /import \{(.*?)\} from 'decant'/s.exec(code)?.[1] ?? '').join();
    expect(values.filter(name => !new RegExp(`\\b${name}\\b`).test(imports))).toEqual([]);
  });

  it('of the README converts a model, and detects people', async () => {
    const { stdout } = await runBlock('README-0.ts');
    expect(stdout).toMatch(/^person 0\.\d\d \d+ \d+\n/);
    expect((await stat(join(folder, 'found.png'))).size).toBeGreaterThan(100_000);
  });

  it('runs any model', async () => {
    const { stdout } = await runBlock('from-openvino-node-0.ts');
    expect(stdout).toBe('[ 1, 100, 6 ]\n');
  });

  it('reads outputs by index and by name', async () => {
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
  '%s uses existing commands and options',
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
