import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Outcome, ROOT, run, temporaryFolder } from '../support/run-cli.ts';

const CHANGELOG = '# Changelog\n\n## 1.2.0\n\n- Second\n\n### Fixes\n\n- A bug\n\n## 1.1.0\n\n- First\n';

async function notesFor(tag: string, { source = '1.2.0', changelog = CHANGELOG } = {}): Promise<Outcome> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'package.json'), '{ "version": "1.2.0" }');
  await writeFile(join(folder, 'src', 'version.ts'), `export const VERSION = '${source}';\n`);
  await writeFile(join(folder, 'CHANGELOG.md'), changelog);
  return run(process.execPath, [join(ROOT, 'tools', 'release-notes.mjs'), tag], { cwd: folder });
}

it('prints the changelog section of the tag', async () => {
  expect(await notesFor('v1.2.0')).toEqual({ code: 0, stdout: '- Second\n\n### Fixes\n\n- A bug\n', stderr: '' });
});

it.each([
  ['v1.1.0', {}, "the tag is 'v1.1.0', but the version in package.json is 1.2.0\n"],
  ['1.2.0', {}, "the tag is '1.2.0', but the version in package.json is 1.2.0\n"],
  ['v1.2.0', { source: '1.1.0' }, "the tag is 'v1.2.0', but the version in src/version.ts is 1.1.0\n"],
  ['v1.2.0', { changelog: '## 1.2.0-rc.1\n' }, "CHANGELOG.md has no section '## 1.2.0'\n"],
  ['v1.2.0', { changelog: '## 1.2.0 (unreleased)\n' }, 'CHANGELOG.md still calls 1.2.0 unreleased\n'],
])('rejects %s with %j', async (tag, changes, stderr) => {
  expect(await notesFor(tag, changes)).toEqual({ code: 1, stdout: '', stderr });
});
