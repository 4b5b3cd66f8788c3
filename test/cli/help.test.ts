import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant } from '../support/run-cli.ts';

const COMMANDS = [
  'setup',
  'doctor',
  'devices',
  'download',
  'detect',
  'serve',
  'convert',
  'quantize',
  'export',
  'verify',
  'eval',
  'bench',
  'info',
  'dump',
  'cache',
];

it('lists the commands', async () => {
  const { code, stdout, stderr } = await decant(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: decant /);
  expect([...stdout.matchAll(/^ {2}([a-z]+) (?:\[options\])?/gm)].map(([, command]) => command)).toEqual([
    ...COMMANDS,
    'help',
  ]);
});

it.each(COMMANDS)('explains %s', async command => {
  const { code, stdout, stderr } = await decant([command, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: decant ${command} `));
  expect(stdout).toMatch(/^ {2}-h, --help /m);
});

it('prints its version', async () => {
  expect(await decant(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

it.each([
  [['detekt', LIVENESS], "unknown command 'detekt'\n(Did you mean detect?)"],
  [['detect', CENTERNET], "missing required argument 'input'"],
  [['convert'], "missing required argument 'model'"],
  [['convert', LIVENESS, '--fp8'], "unknown option '--fp8'"],
  [['detect', CENTERNET, PHOTO, '--threshold', '1.5'], 'Must be between 0 and 1.'],
  [['detect', CENTERNET, PHOTO, '--top', 'ten'], 'Must be a whole number, at least 0.'],
  [['detect', CENTERNET, PHOTO, '--every', '0'], 'Must be a whole number, at least 1.'],
  [['detect', CENTERNET, PHOTO, '--precision', 'f8'], 'Allowed choices are f32, f16, bf16, default.'],
])('rejects the command line %j', async (args, message) => {
  const { code, stdout, stderr } = await decant(args);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^error: /);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

it('prints its help, as an error, without a command', async () => {
  const { code, stdout, stderr } = await decant([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: decant /);
});

it('prints the stack of an error with --debug', async () => {
  const { code, stderr } = await decant(['info', 'gone.json', '--debug']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^decant: 'gone\.json' does not exist\n/);
  expect(stderr).toMatch(/^ {2}code: not-found\n/m);
  expect(stderr).toMatch(/^ {4}at .*is-ir/m);
});
