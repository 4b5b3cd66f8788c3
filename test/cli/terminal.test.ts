import { expect, it } from 'vitest';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decantOnTerminal } from '../support/pty.ts';
import { decant, expectFailure, temporaryFolder } from '../support/run-cli.ts';

const COLOR = /\u001b\[\d+m/;
const BAR = /━+─* +\d+ %/;

it('has colors and a progress bar in a terminal', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  const { code, stdout } = await decantOnTerminal('', ['detect', CENTERNET, PHOTO, PHOTO, '--device', 'CPU'], env);
  expect(code).toBe(0);
  expect(stdout.replaceAll(/\u001b\[\d*[mK]/g, '')).toMatch(BAR);
  expect(stdout).toMatch(/converting: \w+, \d+ ops/);
  expect(stdout).toMatch(/\u001b\[1m\S+samples\.jpg\u001b\[22m: 1280 x 1158/);
  expect((await decantOnTerminal('', ['info', 'gone.json'], env)).stdout).toContain('\u001b[31mdecant:\u001b[39m');
  expect((await decantOnTerminal('', ['--help'], env)).stdout).toContain('\u001b[1mSet up:\u001b[22m');
});

it.each([
  ['NO_COLOR', { NO_COLOR: '1' }, true],
  ['a dumb terminal', { TERM: 'dumb' }, false],
])('respects %s', async (_, env, hasBar) => {
  const args = ['detect', CENTERNET, PHOTO, PHOTO, '--device', 'CPU'];
  const { stdout } = await decantOnTerminal('', args, { DECANT_CACHE: await temporaryFolder(), ...env });
  expect(stdout).not.toMatch(COLOR);
  expect(BAR.test(stdout)).toBe(hasBar);
  expect(stdout).toContain('samples.jpg: 1280 x 1158');
});

it('has no progress bar in CI', async () => {
  const args = ['detect', LIVENESS, PHOTO, '--device', 'CPU'];
  const { stdout } = await decantOnTerminal('', args, { CI: 'true', DECANT_CACHE: await temporaryFolder() });
  expect(stdout).not.toMatch(/\r\u001b\[K/);
});

it('prints the model to standard error, nothing with --quiet, and details with --verbose', async () => {
  const args = ['detect', CENTERNET, PHOTO, '--device', 'CPU'];
  const [normal, quiet, verbose] = await Promise.all(
    [[], ['--quiet'], ['--verbose']].map(more => decant([...args, ...more])),
  );
  expect(normal!.stderr).toMatch(/^model: .*\n {2}because .*\n {2}input .*[^]*device: CPU\n$/);
  expect(normal!.stdout).toMatch(/^\n.*samples\.jpg: 1280 x 1158, \d+ found/);
  expect(quiet!.stderr).toBe('');
  expect(quiet!.stdout.split('\n').slice(2)).toEqual(normal!.stdout.split('\n').slice(2));
  expect(verbose!.stderr).toMatch(/^reading .*centernet\.json \(TensorFlow\)$/m);
  expect(verbose!.stderr).toMatch(/^ {2}read .*prepare .*infer .*decode .*s$/m);
  expectFailure(await decant(['info', 'gone.json', '--quiet']), 1, 'does not exist');
});
