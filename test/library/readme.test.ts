import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CENTERNET, PHOTO } from '../cli/models.ts';
import { ROOT, run } from '../cli/run.ts';

/** A folder of this package, where its own name leads to the built package, as it does for those who install it. */
async function folderInPackage(): Promise<string> {
  await mkdir(join(ROOT, 'tmp'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'tmp', 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('compiles and runs the TypeScript of the README', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  expect(blocks.length).toBeGreaterThan(1);

  const folder = await folderInPackage();
  const config = { extends: '../../tsconfig.json', compilerOptions: { noEmit: false }, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const [i, code] of blocks.entries()) await writeFile(join(folder, `block-${i}.ts`), code);
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(await run(process.execPath, [compiler, '-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });

  for (const ending of ['.json', '.bin']) {
    await copyFile(CENTERNET.replace('.json', ending), join(folder, `centernet${ending}`));
  }
  await copyFile(PHOTO, join(folder, 'photo.jpg'));
  const outputs: string[] = [];
  for (const i of blocks.keys()) {
    const { code, stdout, stderr } = await run(process.execPath, [`block-${i}.js`], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    outputs.push(stdout);
  }
  expect(outputs[0]).toMatch(/^person 0\.\d\d \d+ \d+\n/);
  expect((await stat(join(folder, 'found.png'))).size).toBeGreaterThan(100_000);
  expect(outputs[1]).toContain('names[tower_0/images] shape[1,512,512,3] type: f32\n');
  expect(outputs[1]).toContain('tower_0/detections [ 1, 100, 6 ]\n');
});

it('can be required by CommonJS', async () => {
  const script = "const { COCO_80, VERSION } = require('decant'); console.log(VERSION, COCO_80.get(0));";
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  expect(await run(process.execPath, ['-e', script])).toEqual({ code: 0, stdout: `${version} person\n`, stderr: '' });
});

it('names commands and options that there are', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/(?:^\$ |`)(decant [a-z]+[^`\n]*)/gm)].map(([, line]) => line!);
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) {
    const [command, ...words] = line.split(' ').slice(1);
    const { stdout } = await run(process.execPath, [join(ROOT, 'bin', 'decant.js'), command!, '--help']);
    expect(stdout, line).toMatch(new RegExp(`^Usage: decant ${command!} `));
    for (const word of words) if (word.startsWith('-')) expect(stdout, line).toContain(word);
  }
});
