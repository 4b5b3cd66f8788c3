/**
 * Runs the notebook in JupyterLab, chooses a device in its dropdown, and checks that the next cell uses this device.
 *
 * node tools/notebook-page.mjs
 *
 * It needs chromium. `tools/notebook.mjs` installs JupyterLab.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'tmp', 'notebook');
const MINUTE = 60_000;

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Starts JupyterLab with a copy of the notebook, and returns the copy's address. */
async function open() {
  mkdirSync(FOLDER, { recursive: true });
  copyFileSync(join(ROOT, 'notebooks', 'tensorflow-object-detection-to-openvino.ipynb'), join(FOLDER, 'page.ipynb'));
  const port = await freePort();
  const token = crypto.randomUUID();
  const options = [
    '--no-browser',
    '--allow-root',
    '--log-level=ERROR',
    `--port=${port}`,
    `--IdentityProvider.token=${token}`,
  ];
  const jupyter = spawn(process.execPath, [join(ROOT, 'tools', 'notebook.mjs'), '--open', ...options], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const end = Date.now() + 5 * MINUTE;
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/api`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (jupyter.exitCode !== null || Date.now() > end) throw new Error('JupyterLab did not start');
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  return { jupyter, url: `http://127.0.0.1:${port}/lab/tree/page.ipynb?reset&token=${token}` };
}

async function chooseDevice(page) {
  await page.getByText('TypeScript | Idle').waitFor();
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
  const load = page.locator('.jp-CodeCell', { hasText: 'core.readModel(irPath)' });
  await load.getByText('Device: AUTO').waitFor({ state: 'attached', timeout: 2 * MINUTE });

  await page.locator('.jp-OutputArea select').selectOption('CPU');
  await page.getByText('set: run the cells below', { exact: true }).waitFor({ state: 'attached' });
  await load.locator('.jp-InputArea-editor').click();
  await page.keyboard.press('Shift+Enter');
  await load.getByText('Device: CPU').waitFor({ state: 'attached' });

  const errors = await page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').allInnerTexts();
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

const { jupyter, url } = await open();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
  await page.goto(url);
  await chooseDevice(page);
  console.log('the dropdown chooses the device');
} finally {
  await browser.close();
  process.kill(-jupyter.pid);
}
