import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, run } from '../support/run-cli.ts';
import { readText } from './sources.ts';

it('docs/supported-ops.md is up to date', async () => {
  const script = join(ROOT, 'tools', 'supported-ops.mjs');
  expect(await run(process.execPath, [script, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

it.each([
  ['README.md', /(\d+) ops are \[translated\]/],
  ['CHANGELOG.md', /Translates (\d+) TensorFlow ops/],
])('%s has the number of translated ops', (path, pattern) => {
  const [, translated] = /: (\d+) are translated/.exec(readText('docs/supported-ops.md'))!;
  expect(pattern.exec(readText(path))?.[1]).toBe(translated);
});
