import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, ROOT, temporaryFolder } from '../support/run-cli.ts';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'json.schema.json'), 'utf8')) as object;

/** Readers have to accept new fields, but the schema has to describe them. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return 'properties' in parts ? { additionalProperties: false, ...parts } : parts;
};

const validators = new Ajv({ allErrors: true }).addSchema(closed(SCHEMA) as object, 'decant');

function expectValid(definition: string, json: unknown): void {
  validators.validate(`decant#/definitions/${definition}`, json);
  expect(validators.errors ?? []).toEqual([]);
}

interface Call {
  readonly definition: string;
  readonly args: (folder: string) => readonly string[];
}

const FIXTURES = join(import.meta.dirname, '../fixtures/saved-model');

const CALLS: readonly Call[] = [
  { definition: 'detect', args: () => ['detect', CENTERNET, PHOTO, '--json', '--threshold', '0.3'] },
  { definition: 'convert', args: folder => ['convert', LIVENESS, '-o', join(folder, 'liveness.xml'), '--json'] },
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
  const only = await decant(['detect', CENTERNET, 'gone.jpg', '--json']);
  expect(only.code).toBe(1);
  expectValid('detect', JSON.parse(only.stdout));
  expect(JSON.parse(only.stdout)).toMatchObject({ images: [gone], error: gone.error });
  const lines = await decant(['detect', CENTERNET, 'gone.jpg', PHOTO, '--format', 'jsonl']);
  for (const line of lines.stdout.trimEnd().split('\n')) expectValid('detectLine', JSON.parse(line));
  expect(lines.stdout).toMatch(/^\{"file":"gone.jpg","error":\{"code":"not-found",.*\n\{"file":/);
});

it.each([
  [1, 'not-found', ['detect', 'gone.json', PHOTO, '--json']],
  [1, 'not-found', ['detect', 'gone.json', PHOTO, '--format', 'json']],
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
