import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isIr } from './is-ir.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-is-ir-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('isIr', () => {
  it.each([
    ['<net name="x" version="11">', true],
    ['\uFEFF<?xml version="1.0"?>\n<net>', true],
    ['<?xml version="1.0"?>\n<!-- made by hand -->\n<!-- <svg> -->\n<net version="10">', true],
    ['<?xml version="1.0"?><svg><net></net></svg>', false],
    ['<network>', false],
    ['<!-- <net> -->', false],
    [`${'<!---->'.repeat(140)}<svg>`, false],
    ['{"modelTopology": {}}', false],
    ['', false],
  ])('%j: %j', async (content, expected) => {
    await writeFile(join(folder, 'model'), content);
    expect(await isIr(join(folder, 'model'))).toBe(expected);
  });

  it('is false for folders and pipes, without waiting for a writer', async () => {
    expect(await isIr(folder)).toBe(false);
    // On Windows, mkfifo of a Unix shell does not create a pipe.
    if (process.platform === 'win32') return;
    if (spawnSync('mkfifo', [join(folder, 'pipe')]).status === 0) expect(await isIr(join(folder, 'pipe'))).toBe(false);
  });

  it('rejects a missing file', async () => {
    await expect(isIr(join(folder, 'gone.xml'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
