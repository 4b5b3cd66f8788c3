import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, run } from '../support/run-cli.ts';

it('docs/passes.md lists the passes and their rules', async () => {
  const script = join(ROOT, 'tools', 'pass-table.mjs');
  expect(await run(process.execPath, [script, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
});
