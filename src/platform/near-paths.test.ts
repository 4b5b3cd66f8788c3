import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nearPathsHint } from './near-paths.ts';

async function folderWith(...files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-near-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'ir'));
  for (const file of files) await writeFile(join(folder, file), '');
  return folder;
}

it('names paths that are near a mistyped one', async () => {
  const folder = await folderWith('ir/centernet.xml', 'p');
  const hint = `Did you mean '${join(folder, 'ir/centernet.xml')}'? `;
  expect(nearPathsHint(join(folder, 'ir/centrenet.xml'))).toBe(hint);
  expect(nearPathsHint(join(folder, 'ir/centernet.json'))).toBe(hint);
  expect(nearPathsHint(join(folder, 'nope.txt'))).toBe('');
});

it('tells where a broken link leads', async () => {
  const folder = await folderWith();
  await symlink('nowhere.jpg', join(folder, 'broken.jpg'));
  expect(nearPathsHint(join(folder, 'broken.jpg'))).toBe("It is a link to 'nowhere.jpg'. ");
});

it.runIf(process.platform !== 'win32')('knows paths that are written as on Windows', async () => {
  const folder = await folderWith('ir/centernet.xml');
  expect(nearPathsHint(`${folder}\\ir\\centernet.xml`)).toBe(`Did you mean '${folder}/ir/centernet.xml'? `);
});
