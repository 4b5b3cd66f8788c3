import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { ROOT, run } from '../support/run-cli.ts';

/** Creates a folder inside this package, where its own name resolves to the build, as it does when installed. */
export async function folderInPackage(): Promise<string> {
  await mkdir(join(ROOT, 'tmp'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'tmp', 'blocks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Compiles the TypeScript blocks of a document to `block-0.js` and so on in `folder`. Returns their number. */
export async function compileBlocks(document: string, folder: string): Promise<number> {
  const text = await readFile(join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  const config = { extends: '../../tsconfig.json', compilerOptions: { noEmit: false }, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const [i, code] of blocks.entries()) await writeFile(join(folder, `block-${i}.ts`), code);
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(await run(process.execPath, [compiler, '-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  return blocks.length;
}

/** Returns the output of a block. */
export async function runBlock(folder: string, i: number): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, [`block-${i}.js`], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}
