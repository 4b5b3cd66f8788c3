import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Writes an IR without weights, and removes it after the tests of the file. Returns its path. */
export async function temporaryIr(xml: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-ir-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'model.xml');
  await writeFile(path, xml);
  return path;
}
