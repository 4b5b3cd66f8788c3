import { devNull } from 'node:os';
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOpenVino } from '../../src/openvino/location.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { VERSION } from '../../src/version.ts';
import { decant, expectFailure, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const LIBRARY = findOpenVino();

/** The ways to install OpenVINO that the remedy lists. */
const WAYS = ['Run `decant setup`', '`pip install openvino`', 'unpack an OpenVINO archive and set DECANT_OPENVINO'];

/** An environment without OpenVINO. */
const EMPTY = {
  ...Object.fromEntries(['HOME', 'PATH', 'DECANT_CACHE'].map(name => [name, '/nonexistent'])),
  ...Object.fromEntries(
    ['DECANT_OPENVINO', 'INTEL_OPENVINO_DIR', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'LD_LIBRARY_PATH'].map(name => [
      name,
      undefined,
    ]),
  ),
};

describe('doctor', () => {
  it('reports what was found', async () => {
    const { code, stdout, stderr } = await decant(['doctor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`  DECANT_OPENVINO  ${LIBRARY}  found ${LIBRARY}\n`);
    expect(stdout).toMatch(/^OpenVINO 20\d\d\./m);
    expect(stdout).toMatch(/^ {2}CPU {2}/m);
    expect(stdout).toMatch(/\n {2}ffmpeg +\d.*\n {2}Python +3\..*\n {2}cache +[\d.]+ [kM]B {2}\//);
    expect(stdout).toMatch(/\nall is well\n$/);
  });

  it('prints the same as JSON', async () => {
    expect(jsonOf(await decant(['doctor', '--json']))).toEqual({
      schemaVersion: 1,
      version: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      looked: [{ how: 'DECANT_OPENVINO', path: LIBRARY, outcome: `found ${LIBRARY}` }],
      openvino: { library: LIBRARY, how: 'DECANT_OPENVINO', version: expect.stringMatching(/^20\d\d\./) as string },
      devices: expect.arrayContaining([{ device: 'CPU', name: expect.any(String) as string }]) as object[],
      machine: expect.objectContaining({
        ffmpeg: { path: expect.any(String) as string, version: expect.any(String) as string },
        python: { command: expect.any(String) as string, version: expect.stringMatching(/^3\./) as string },
        cache: {
          path: process.env['DECANT_CACHE'] ?? (expect.any(String) as string),
          bytes: expect.any(Number) as number,
        },
      }) as object,
    });
  });
});

it('doctor reports that the cache cannot be written', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const env = { DECANT_CACHE: join(file, 'cache') };
  const problem = `cannot write '${env.DECANT_CACHE}': `;
  const { code, stdout, stderr } = await decant(['doctor'], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain(`problem: ${problem}`);
  expect(stdout).toMatch(/\n {2}try: Set DECANT_CACHE to a writable folder\.\n$/);
  const findings = JSON.parse((await decant(['doctor', '--json'], { env })).stdout) as object;
  expect(findings).toMatchObject({
    problem: expect.stringContaining(problem) as string,
    machine: { cache: { path: env.DECANT_CACHE } },
  });
});

describe('devices', () => {
  it('lists devices', async () => {
    const { devices } = jsonOf(await decant(['devices', '--json'])) as { readonly devices: readonly object[] };
    expect(devices).toContainEqual({ device: 'CPU', name: expect.any(String) as string });
    expect((await decant(['devices'])).stdout).toMatch(/^CPU {2,}\S.*\n(?:.*\n)*AUTO {2,}OpenVINO chooses\n$/);
  });
});

describe('setup', () => {
  it('does nothing if OpenVINO is found', async () => {
    const answer = jsonOf(await decant(['setup', '--json']));
    expect(answer).toMatchObject({ library: LIBRARY, how: 'DECANT_OPENVINO', installed: false });
    expect((await decant(['setup'])).stdout).toBe(`OpenVINO is already installed (DECANT_OPENVINO): ${LIBRARY}\n`);
  });

  it('requires Python, an index or a wheel', async () => {
    const folder = await temporaryFolder();
    const env = { DECANT_CACHE: folder, PATH: folder, PIP_CONFIG_FILE: devNull, PIP_INDEX_URL: '' };
    const outcome = await decant(['setup', '--force'], { env });
    expect(outcome.stderr).toMatch(
      /^downloading OpenVINO, about 60 MB\.\.\.\ndecant: .*Python[^\n]*\n {2}try: Pass[^\n]*--index URL/,
    );
    expect(outcome.code).toBe(1);
    expect(await readdir(join(folder, 'openvino'))).toEqual([]);
  });
});

describe('without a working OpenVINO', () => {
  const detect = (env: Readonly<Record<string, string | undefined>>): Promise<Outcome> =>
    decant(['detect', CENTERNET, PHOTO], { env });

  it('reports that the chosen folder contains none', async () => {
    const folder = await temporaryFolder();
    const message = `DECANT_OPENVINO is ${folder}, which contains no OpenVINO`;
    expectFailure(await detect({ DECANT_OPENVINO: folder }), 1, message, 'try: Set it to');
    expectFailure(await decant(['devices'], { env: { DECANT_OPENVINO: folder } }), 1, message, 'try: Set it to');
  });

  it('reports that a file is not a library', async () => {
    expectFailure(await detect({ DECANT_OPENVINO: PHOTO }), 1, `cannot load ${PHOTO}: `, 'try: Run `decant setup`');
  });

  it('lists the available devices for an unknown one', async () => {
    const outcome = await decant(['detect', CENTERNET, PHOTO, '--device', 'TPU']);
    expectFailure(outcome, 1, "device 'TPU' is not available", 'Choose one of CPU, AUTO');
  });

  it.runIf(process.platform === 'linux')('reports that it is too old', async () => {
    const folder = await temporaryFolder();
    const libraries = dirname(LIBRARY);
    // The real libraries, with a patched version.
    for (const name of await readdir(libraries)) {
      if (/^lib(?:openvino_c|tbb|hwloc)\.so/.test(name)) await copyFile(join(libraries, name), join(folder, name));
      if (name.startsWith('libopenvino.so'))
        await writeFile(join(folder, name), asOf2023(await readFile(join(libraries, name))));
    }
    const outcome = await detect({ DECANT_OPENVINO: folder });
    expectFailure(outcome, 1, 'is too old: decant needs 2024.0 or newer', 'try: Run `decant setup`');
  });

  it('lists the ways to install it', async ({ skip }) => {
    const { code, stdout } = await decant(['doctor'], { env: EMPTY });
    skip(stdout.includes('  found '), 'OpenVINO is installed in system folders, which the environment cannot hide');
    expect(code).toBe(1);
    expect(stdout).toContain('problem: OpenVINO was not found\n');
    for (const way of WAYS) expect(stdout).toContain(way);
    expectFailure(await detect(EMPTY), 1, 'OpenVINO was not found', ...WAYS);
  });
});

/** Replaces every version such as `2026.4.1-` by `2023.3.1-`. */
function asOf2023(library: Buffer): Buffer {
  for (let at = library.indexOf('20'); at >= 0; at = library.indexOf('20', at + 1)) {
    if (/^20\d\d\.\d\.\d-/.test(library.toString('latin1', at, at + 9))) library.write('2023.3.1-', at, 'latin1');
  }
  return library;
}
