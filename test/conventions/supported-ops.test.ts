import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, run } from '../support/run-cli.ts';

it('docs/supported-ops.md is up to date', async () => {
  const script = join(ROOT, 'tools', 'supported-ops.mjs');
  expect(await run(process.execPath, [script, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
});
