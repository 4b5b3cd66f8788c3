import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

it('prints latency and throughput with the words of benchmark_app', async () => {
  const { code, stdout } = await decant([
    'bench',
    LIVENESS,
    '-hint',
    'latency',
    '-niter',
    '3',
    '-infer_precision',
    'f32',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}settings +hint latency, sync, 1 request, 1 stream, \d+ threads?, f32$/m);
  expect(stdout).toMatch(/^ {2}inputs +conv2d_1_input f32\[1,32,32,3\]$/m);
  expect(stdout).toMatch(/^Count: +3 iterations\nDuration: +[\d.]+ ms\nLatency:\n {3}Median: +[\d.]+ [um]s$/m);
  expect(stdout).toMatch(/^Throughput: +[\d.]+ FPS\n$/m);
});

it.each([
  [['-hint', 'none', '-nireq', '2', '-nthreads', '2', '-api=async']],
  [['--hint=none', '--nireq=2', '--nthreads=2']],
])('prints JSON with the names of benchmark_app: %j', async options => {
  const report = jsonOf(await decant(['bench', LIVENESS, '-t', '0.1', '-shape', '[2,32,32,3]', ...options, '--json']));
  expect(report).toMatchObject({
    cmd_options: { '-hint': 'none', '-nireq': '2', '-time': '0.1', '-device': 'CPU' },
    configuration_setup: {
      topology: 'liveness',
      'target device': 'CPU',
      API: 'async',
      'batch size': 2,
      'number of parallel infer requests': 2,
      'number of threads': 2,
      'duration (ms)': 100,
    },
  });
  for (const field of ['latency (ms)', 'avg latency', 'min latency', 'max latency', 'throughput']) {
    expect(report).toHaveProperty(['execution_results', field], expect.any(Number));
  }
  expect(report).toHaveProperty(['execution_results', 'total number of iterations'], expect.any(Number));
  expect(report).not.toHaveProperty('avg_performance');
});

it('prints where the time goes, and draws it', async () => {
  const report = join(await temporaryFolder(), 'bench.html');
  const { stdout } = await decant(['bench', CENTERNET, '-niter', '1', '-i', PHOTO, '--per-op', '--report', report]);
  expect(stdout).toMatch(/^ {2}type of op +ops +ms +share +implementation\n {2}Convolution +\d+ +[\d.]+ +[\d.]+ %/m);
  expect(stdout).toMatch(/^ {2}slowest ops +type +ms +share +implementation\n(?: {2}.*%.*\n){15}$/m);
  const page = await readFile(report, 'utf8');
  expect(page).toContain('Latency by percentile');
  expect(page).toContain('aria-label="Milliseconds per inference by type of op"');
});

it.each([
  ['average_counters', { report_type: 'average', avg_performance: { total_real_time: expect.any(Number) as number } }],
  ['detailed_counters', { report_type: 'detailed', detailed_performance: [{ nodes: expect.any(Array) as unknown }] }],
])('writes the files of -report_type %s', async (type, expected) => {
  const folder = await temporaryFolder();
  const { code } = await decant([
    'bench',
    LIVENESS,
    '-niter',
    '1',
    '-api',
    'sync',
    '-report_type',
    type,
    '-report_folder',
    folder,
  ]);
  expect(code).toBe(0);
  expect(await json(join(folder, 'benchmark_report.json'))).toHaveProperty('execution_results');
  expect(await json(join(folder, `benchmark_${type}_report.json`))).toMatchObject(expected);
});

it.each([
  ['detect', [PHOTO, '--json']],
  ['bench', ['-hint', 'latency', '-infer_precision', 'f32', '-niter', '1']],
])('%s loads the model that an earlier run compiled', async (command, settings) => {
  const folder = join(await temporaryFolder(), 'compiled');
  const run = (): ReturnType<typeof decant> =>
    decant([command, CENTERNET, ...settings, '--device', 'CPU', '--cache-dir', folder]);
  expect((await run()).code).toBe(0);
  const compiled = await readdir(folder);
  expect(compiled).toHaveLength(1);
  expect((await run()).code).toBe(0);
  expect(await readdir(folder)).toEqual(compiled);
  expectFailure(await decant(['bench', LIVENESS, '--cache-dir', PHOTO]), 1, 'is not a folder');
});

it('rejects what it cannot measure', async () => {
  expectFailure(await decant(['bench', 'gone.xml']), 1, "'gone.xml' does not exist");
  expect((await decant(['bench', LIVENESS, '-hint', 'fast'])).stderr).toContain('Allowed choices are latency');
  expect((await decant(['bench', LIVENESS, '-hnit', 'latency'])).stderr).toContain("unknown option '-hnit'");
});
