import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Command } from 'commander';
import { COMMAND_GROUPS } from '../../src/cli/command-groups.ts';
import { VERSION } from '../../src/version.ts';
import { expectValid, SCHEMA } from '../support/json-schema.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, temporaryFolder } from '../support/run-cli.ts';

interface Call {
  readonly definition: string;
  readonly args: (folder: string) => readonly string[];
}

const FIXTURES = join(import.meta.dirname, '../fixtures/saved-model');

const CALLS: readonly Call[] = [
  { definition: 'detect', args: () => ['detect', CENTERNET, PHOTO, '--json', '--threshold', '0.3'] },
  { definition: 'convert', args: folder => ['convert', LIVENESS, '-o', join(folder, 'liveness.xml'), '--json'] },
  {
    definition: 'quantize',
    args: folder => ['quantize', LIVENESS, '-o', join(folder, 'a.xml'), '--images', PHOTO, '--quiet', '--json'],
  },
  { definition: 'export', args: folder => ['export', LIVENESS, '--ovms', join(folder, 'models'), '--json'] },
  { definition: 'info', args: () => ['info', LIVENESS, '--json'] },
  { definition: 'verify', args: () => ['verify', join(FIXTURES, 'control.tar.gz'), '--runs', '1', '--json'] },
  { definition: 'bench', args: () => ['bench', LIVENESS, '-t', '0.1', '--per-op', '--json'] },
  { definition: 'devices', args: () => ['devices', '--json'] },
  { definition: 'doctor', args: () => ['doctor', '--json'] },
  { definition: 'setup', args: () => ['setup', '--json'] },
  { definition: 'downloadList', args: () => ['download', '--list', '--json'] },
  { definition: 'cacheList', args: () => ['cache', 'ls', '--json'] },
  { definition: 'cacheRemove', args: () => ['cache', 'rm', '--older-than', '9999', '--json'] },
];

it('the schema describes all that --json prints', () => {
  const withCommands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withCommands)];
  const names = Object.values(COMMAND_GROUPS)
    .flat()
    .flatMap(command => withCommands(command()))
    .filter(({ options }) => options.some(({ long }) => long === '--json'))
    .map(command => (command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`));
  expect(names).toContain('cache ls');
  const described = Object.values(SCHEMA.definitions).map(({ description = '' }) => description);
  const missing = names.filter(name => !described.some(text => text.startsWith(`decant ${name} --json`)));
  expect(missing).toEqual([]);
});

it.each(CALLS)('the output of $definition is as its schema says', async ({ definition, args }) => {
  const { code, stdout, stderr } = await decant(args(await temporaryFolder()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, version: VERSION });
  expectValid(definition, JSON.parse(stdout));
});

it('the output of eval is as its schema says, with images that cannot be read', async () => {
  const folder = await temporaryFolder();
  await copyFile(PHOTO, join(folder, 'party.jpg'));
  await writeFile(join(folder, 'text.jpg'), 'not an image');
  const images = ['party.jpg', 'text.jpg'].map((name, id) => ({ id, file_name: name, width: 1280, height: 1158 }));
  const annotations = join(folder, 'annotations.json');
  await writeFile(annotations, JSON.stringify({ images, categories: [{ id: 1, name: 'person' }], annotations: [] }));
  const { code, stdout } = await decant(['eval', CENTERNET, folder, '--annotations', annotations, '--json']);
  expect(code).toBe(1);
  const answer: unknown = JSON.parse(stdout);
  expectValid('eval', answer);
  expect(answer).toMatchObject({
    threshold: 0,
    failures: [{ file: join(folder, 'text.jpg'), error: { code: 'bad-image' } }],
  });
});

it('JSON is whole if an input fails, and if the command does', async () => {
  const gone = { file: 'gone.jpg', error: { code: 'not-found', message: 'gone.jpg does not exist' } };
  const some = await decant(['detect', CENTERNET, 'gone.jpg', PHOTO, '--json']);
  expect(some.code).toBe(1);
  expectValid('detect', JSON.parse(some.stdout));
  expect(JSON.parse(some.stdout)).toMatchObject({ threshold: 0.5, images: [gone, { file: PHOTO }] });
  const half = join(await temporaryFolder(), 'half.jpg');
  await writeFile(half, (await readFile(PHOTO)).subarray(0, 40_000));
  const only = await decant(['detect', CENTERNET, half, '--json']);
  expect(only.code).toBe(1);
  expectValid('detect', JSON.parse(only.stdout));
  const error = { code: 'bad-image', remedy: 'Copy or download it again.' };
  expect(JSON.parse(only.stdout)).toMatchObject({ images: [{ file: half, error }], error });
  const lines = await decant(['detect', CENTERNET, 'gone.jpg', PHOTO, '--format', 'jsonl']);
  for (const line of lines.stdout.trimEnd().split('\n')) expectValid('detectLine', JSON.parse(line));
  expect(lines.stdout).toMatch(/^\{"file":"gone.jpg","error":\{"code":"not-found",.*\n\{"file":/);
});

it.each([
  [1, 'not-found', ['detect', 'gone.json', PHOTO, '--json']],
  [1, 'not-found', ['detect', 'gone.json', PHOTO, '--format', 'json']],
  [1, 'not-found', ['detect', CENTERNET, 'gone.jpg', '--json']],
  [1, 'not-found', ['info', 'gone.json', '--json']],
  [1, 'not-found', ['convert', 'gone.json', '--json']],
  [1, 'not-found', ['cache', 'rm', 'gone', '--json']],
  [2, 'invalid-argument', ['download', '--json']],
  [2, 'invalid-argument', ['detect', CENTERNET, '--json']],
  [2, 'invalid-argument', ['bench', LIVENESS, '--json', '--no-such-option']],
  [2, 'invalid-argument', ['detekt', LIVENESS, '--json']],
])('a failure is JSON with exit code %i: %s', async (exitCode, errorCode, args) => {
  const { code, stdout, stderr } = await decant(args);
  expect(code).toBe(exitCode);
  expectValid('failure', JSON.parse(stdout));
  expect(JSON.parse(stdout)).toMatchObject({ version: VERSION, error: { code: errorCode } });
  expect(stderr).toContain((JSON.parse(stdout) as { error: { message: string } }).error.message.split('\n')[0]);
});

it.each([
  [['--format', 'json'], 1],
  [['--format=json'], 1],
  [['--format', 'jsonl'], 1],
  [['--json'], 1],
  [['--format', 'csv'], 0],
  [[], 0],
])('an invalid command line with %j fails in its format', async (format, errors) => {
  const { code, stdout } = await decant(['detect', CENTERNET, PHOTO, ...format, '--threshold', '2']);
  expect(code).toBe(2);
  const printed = stdout === '' ? [] : [JSON.parse(stdout) as unknown];
  expect(printed).toMatchObject(Array.from({ length: errors }, () => ({ error: { code: 'invalid-argument' } })));
});
