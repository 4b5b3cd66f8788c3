import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

/** Creates an empty cache folder for the test file: the usual one may hold models of an older converter. */
export function freshCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'decant-cache-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Uses an empty cache folder in this process. Locate OpenVINO first: it may be in the usual cache folder. */
export function useFreshCache(): void {
  vi.stubEnv('DECANT_CACHE', freshCache());
}
