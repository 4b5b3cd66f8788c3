import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';
import { it } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine: an error of the test without one, if `DECANT_TEST_ALL` is set. */
const EXECUTABLE = NAMES.map(name => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim()).find(
  path => path !== '',
);

/** A test that is skipped without a browser, unless `DECANT_TEST_ALL` is set. */
export const browserTest: ReturnType<typeof it.skipIf> = it.skipIf(
  EXECUTABLE === undefined && process.env['DECANT_TEST_ALL'] === undefined,
);

/** Starts a browser that talks to no server but the tests'. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser & AsyncDisposable> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({
    executablePath: EXECUTABLE ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet, ...more],
  });
}
