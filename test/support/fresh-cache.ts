import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

/** A folder for decant's cache that lasts as long as the test file: an older one would answer for an older converter. */
export function freshCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'decant-cache-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Has the test file itself use such a folder; OpenVINO must have been found before, because it may lie in the usual one. */
export function useFreshCache(): void {
  vi.stubEnv('DECANT_CACHE', freshCache());
}
