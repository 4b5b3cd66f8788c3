import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decantOnTerminal, type Environment, nodeOnTerminal } from '../support/pty.ts';
import { decant, expectFailure, jsonOf, type Outcome, ROOT, temporaryFolder } from '../support/run-cli.ts';

const DETECT = ['detect', CENTERNET, PHOTO];
const QUESTION = 'Which device should run the model?';

/** Lets `chooseDevice` choose from these devices in a terminal. Few machines have two. */
const CHOOSE = `
const { chooseDevice, reportError } = await import(${JSON.stringify(pathToFileURL(join(ROOT, 'dist/internals.js')).href)});
const devices = ['CPU', 'GPU'].map(device => ({ device, name: 'Model of ' + device }));
try { console.log('chosen: ' + (await chooseDevice({ json: false }, () => devices))); }
catch (thrown) { process.exitCode = reportError(thrown); }
`;

const choose = (keys: string, env: Environment): Promise<Outcome> =>
  nodeOnTerminal(keys, ['--input-type=module', '-e', CHOOSE], { NO_COLOR: '1', ...env });

it('prompts once in a terminal, remembers the answer, and forgets it with --forget', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  const settings = join(env.DECANT_CACHE, 'settings.json');
  const first = await choose('\\r', env);
  expect(first.stdout).toContain(QUESTION);
  expect(first.stdout).toContain('CPU   Model of CPU');
  expect(first.stdout).toContain('OpenVINO chooses');
  expect(first.stdout).toContain('chosen: AUTO');
  expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual({ devices: { [hostname()]: 'AUTO' } });

  const second = await choose('', env);
  expect(second.stdout).not.toContain(QUESTION);
  expect(second.stdout).toContain('chosen: AUTO');

  expect((await decant(['devices', '--forget'], { env })).code).toBe(0);
  // One up from AUTO, the last one.
  expect((await choose('\\x1b[A\\r', env)).stdout).toContain('chosen: GPU');
  expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual({ devices: { [hostname()]: 'GPU' } });
});

it('prompts again if the device is gone, and stops if cancelled', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  await writeFile(join(env.DECANT_CACHE, 'settings.json'), JSON.stringify({ devices: { [hostname()]: 'NPU' } }));
  const { code, stdout } = await choose('\\x03', env);
  expect(code).toBe(1);
  expect(stdout).toContain(QUESTION);
  expect(stdout).toMatch(/decant: no device was chosen\r?\n {2}try: Name one with --device\./);
});

it('does not prompt in CI', async () => {
  const { stdout } = await choose('', { CI: 'true', DECANT_CACHE: await temporaryFolder() });
  expect(stdout).not.toContain(QUESTION);
  expect(stdout).toContain('chosen: AUTO');
});

it.each([
  ['with a single device', []],
  ['with --device', ['--device', 'cpu']],
  ['with --json', ['--json']],
])('does not prompt %s', async (_, more) => {
  const { code, stdout } = await decantOnTerminal('', [...DETECT, ...more], { DECANT_CACHE: await temporaryFolder() });
  expect(code).toBe(0);
  // The machines that run the tests have a CPU only, or else a question that nobody answers.
  expect(stdout).not.toContain(QUESTION);
});

it('does not prompt without a terminal, and ignores corrupt settings', async () => {
  const env = { CI: undefined, DECANT_CACHE: await temporaryFolder() };
  await writeFile(join(env.DECANT_CACHE, 'settings.json'), '{"devices": 5');
  expect(jsonOf(await decant([...DETECT, '--json'], { env }))).toMatchObject({ device: 'CPU' });
  expect((await decant(DETECT, { env })).stderr).toContain('device: CPU (requested AUTO)');
  expect((await decant(['devices', '--forget', '--json'], { env })).code).toBe(0);
  expectFailure(await decant([...DETECT, '--device', 'TPU'], { env }), 1, 'TPU');
});
