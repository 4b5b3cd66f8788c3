import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LIVENESS } from '../support/models.ts';
import { decant, expectFailure, filesBelow, temporaryFolder } from '../support/run-cli.ts';

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8')) as unknown;

it('writes a repository of OpenVINO Model Server, version by version', async () => {
  const folder = await temporaryFolder();
  const first = await decant(['export', LIVENESS, '--ovms', folder, '--name', 'live']);
  expect({ code: first.code, lines: first.stdout.trimEnd().split('\n') }).toEqual({
    code: 0,
    lines: [
      'live/1/model.xml',
      'live/1/model.bin',
      'config.json',
      'kubernetes.yaml',
      'kserve-live.yaml',
      'Dockerfile',
    ].map(file => join(folder, file)),
  });
  expect(await readJson(join(folder, 'config.json'))).toEqual({
    model_config_list: [{ config: { name: 'live', base_path: '/models/live' } }],
  });

  // What users change stays: the configuration of a model, and manifests.
  const config = {
    model_config_list: [{ config: { name: 'live', base_path: '/models/live', nireq: 4 } }],
    monitoring: {},
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch');
  const ir = join(folder, 'live', '1', 'model.xml');
  expect((await decant(['export', ir, '--ovms', folder, '--name', 'live'])).code).toBe(0);
  expect((await decant(['export', ir, '--ovms', folder, '--name', 'other', '--model-version', '7'])).code).toBe(0);
  expect(await readJson(join(folder, 'config.json'))).toEqual({
    ...config,
    model_config_list: [...config.model_config_list, { config: { name: 'other', base_path: '/models/other' } }],
  });
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM scratch');
  expect(await filesBelow(folder)).toEqual(
    [
      ...['live/1', 'live/2', 'other/7'].flatMap(place => [`${place}/model.bin`, `${place}/model.xml`]),
      ...['config.json', 'kubernetes.yaml', 'kserve-live.yaml', 'kserve-other.yaml', 'Dockerfile'],
    ].sort(),
  );
  for (const file of ['model.xml', 'model.bin']) {
    expect(await readFile(join(folder, 'other', '7', file))).toEqual(await readFile(join(folder, 'live', '1', file)));
  }
});

it('keeps what is there', async () => {
  const folder = await temporaryFolder();
  const run = (...args: readonly string[]) => decant(['export', LIVENESS, '--ovms', folder, ...args]);
  expectFailure(await run('--name', 'a/b'), 2, "'a/b' is not a valid model name");
  expectFailure(await run('--name', '..'), 2, "'..' is not a valid model name");
  await writeFile(join(folder, 'config.json'), '{"models": []}');
  expectFailure(await run(), 1, 'config.json is not a valid OpenVINO Model Server configuration');
  expect(await filesBelow(folder)).toEqual(['config.json']);
  await writeFile(join(folder, 'config.json'), '{"model_config_list": []}');
  expect((await run('--name', 'live', '--model-version', '3', '--json')).code).toBe(0);
  expectFailure(await run('--name', 'live', '--model-version', '3'), 2, join('live', '3'), 'exists');
});
