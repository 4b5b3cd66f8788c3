import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConversionSummary } from '../../src/cli/conversion-summary.ts';
import { LIVENESS } from '../support/models.ts';
import { decant, expectFailure, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const convert = (...args: readonly string[]): Promise<Outcome> => decant(['convert', LIVENESS, ...args]);

describe('convert', () => {
  it('writes the IR to the current folder, and prints a summary', async () => {
    const folder = await temporaryFolder();
    const outcome = await decant(['convert', LIVENESS], { cwd: folder });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^liveness\.xml {2}\d+ kB\nliveness\.bin {2}298 kB \(f16 296 kB[^)]*\)\nconverted 45 TensorFlow ops to \d+ OpenVINO ops in [\d.]+ m?s\n/,
    );
    expect(outcome.stdout).toMatch(/^ +\d+ {2}transposes moved past other ops$/m);
    expect(outcome.stdout).toMatch(
      /^ +6 {2}weights stored as f16\ntime: read [\d.]+ m?s, prepare .*, write [\d.]+ m?s\n$/m,
    );
    expect(await filesBelow(folder)).toEqual(['liveness.bin', 'liveness.xml']);
  });

  it('leaves the weights of a model in the current folder alone', async () => {
    const folder = await temporaryFolder();
    for (const ending of ['.json', '.bin']) {
      await copyFile(LIVENESS.replace('.json', ending), join(folder, `liveness${ending}`));
    }
    const weights = await readFile(join(folder, 'liveness.bin'));
    const outcome = await decant(['convert', 'liveness.json'], { cwd: folder });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/^liveness-openvino\.xml {2}\d+ kB\nliveness-openvino\.bin /);
    expect(weights.equals(await readFile(join(folder, 'liveness.bin')))).toBe(true);
    expect(await filesBelow(folder)).toEqual([
      ...['liveness-openvino.bin', 'liveness-openvino.xml', 'liveness.bin', 'liveness.json'],
    ]);
  });

  it('names the IR after the model in a folder, which may be new', async () => {
    const folder = await temporaryFolder();
    expect(await convert('-o', folder)).toMatchObject({ code: 0 });
    expect(await convert('-o', join(folder, 'new/'))).toMatchObject({ code: 0 });
    const files = ['liveness.bin', 'liveness.xml', 'new/liveness.bin', 'new/liveness.xml'];
    expect(await filesBelow(folder)).toEqual(files);
  });

  it('freezes inputs, and suggests their names', async () => {
    const folder = await temporaryFolder();
    const freeze = (...values: readonly string[]): Promise<Outcome> =>
      convert('-o', join(folder, 'out.xml'), ...values.flatMap(value => ['--freeze', value]));
    expectFailure(
      await freeze('conv2d_1_inpt=0'),
      1,
      "no input 'conv2d_1_inpt' to freeze",
      "Did you mean 'conv2d_1_input'?",
    );
    expectFailure(await freeze('conv2d_1_input'), 2, 'is not a list of names and values', 'try: Write NAME=VALUE');
    expectFailure(await freeze('conv2d_1_input=0', 'conv2d_1_input=1'), 2, 'is frozen twice');
    expectFailure(
      await freeze('conv2d_1_input=0'),
      2,
      'cannot be filled with a value of shape []',
      'try: Give nested lists',
    );
    expect(await filesBelow(folder)).toEqual([]);
  });

  it('prints the summary as JSON', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'new', 'out.xml');
    const bin = join(folder, 'new', 'out.bin');
    const number = expect.any(Number) as number;
    const summary = jsonOf(await convert('-o', xml, '--json')) as ConversionSummary;
    expect(summary).toMatchObject({
      model: LIVENESS,
      format: 'tfjs-graph-model',
      xml,
      bin,
      xmlBytes: (await stat(xml)).size,
      binBytes: (await stat(bin)).size,
      ops: { tensorflow: 45, openvino: number },
      changes: { 'compress-weights': 6 },
      ms: number,
    });
    const { steps, stages, changes, opTypes, ops, bytesByType } = summary;
    expect(Object.keys(stages)).toEqual(['read', 'prepare', 'translate', 'optimize', 'compress', 'write']);
    expect(steps[0]).toEqual({ stage: 'read', name: 'tfjs-graph-model', ms: number, ops: 45, changes: {} });
    expect(steps.at(-1)).toMatchObject({ name: 'winograd', ops: ops.openvino });
    const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((x, y) => x + y, 0);
    expect(sum(opTypes.tensorflow)).toBe(45);
    expect(sum(opTypes.openvino)).toBe(ops.openvino);
    expect(sum(changes)).toBe(steps.reduce((all, step) => all + sum(step.changes), 0));
    expect(sum(bytesByType)).toBeLessThanOrEqual(summary.binBytes);
  });

  it('prints each step with --verbose', async () => {
    const { code, stdout } = await convert('-o', join(await temporaryFolder(), 'out.xml'), '--verbose', '--no-fp16');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ {2}optimize sink-transposes {2}[\d.]+ m?s {2}\d+ ops\n(?: {4}\d+ [\w-]+\n)* {4}\d+ sink-through-elementwise\n/m,
    );
    expect(stdout).toMatch(/^TensorFlow ops:\n(?: +\d+ {2}\w+\n)*? +4 {2}_FusedConv2D\n/m);
    expect(stdout).toMatch(/^OpenVINO ops:\n(?: +\d+ {2}\w+\n)*? +4 {2}Convolution\n/m);
    expect(stdout).not.toContain('f16');
  });

  it('is deterministic, and overwrites existing files', async () => {
    const folder = await temporaryFolder();
    const convertAndRead = async (): Promise<Buffer> => {
      expect((await convert('-o', join(folder, 'out.xml'))).code).toBe(0);
      return Buffer.concat([await readFile(join(folder, 'out.xml')), await readFile(join(folder, 'out.bin'))]);
    };
    const first = await convertAndRead();
    expect(first.equals(await convertAndRead())).toBe(true);
    expect(await filesBelow(folder)).toEqual(['out.bin', 'out.xml']);
  });

  it('stores weights as f32 with --no-fp16', async () => {
    const folder = await temporaryFolder();
    const size = async (...args: readonly string[]): Promise<number> => {
      const summary = jsonOf(await convert('-o', join(folder, 'out.xml'), '--json', ...args));
      return (summary as { readonly binBytes: number }).binBytes;
    };
    const half = await size();
    const full = await size('--no-fp16');
    expect(full / half).toBeGreaterThan(1.95);
  });

  it('fixes the input shape, and stores class names', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'out.xml');
    const labels = join(folder, 'labels.json');
    await writeFile(labels, '["fake", "quite alive"]');
    expect((await convert('-o', xml, '--input-shape', '[1,32,32,3]', '--labels', labels)).code).toBe(0);
    expect(jsonOf(await decant(['info', xml, '--json']))).toMatchObject({
      inputs: [{ names: ['conv2d_1_input'], shape: [1, 32, 32, 3] }],
      outputs: [{ names: ['activation_6'], shape: [1, 2] }],
      rtInfo: { model_info: { labels: 'fake quite_alive' } },
    });
  });

  it('cuts the model at inner tensors, with the options of ovc', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    const pooled = 'StatefulPartitionedCall/sequential_1/max_pooling2d_1/MaxPool';
    const dense = 'StatefulPartitionedCall/sequential_1/dense_1/BiasAdd';
    const ends = ['--input', `${pooled}:0[1..4,16,16,16]{f16}`, '--output', `activation_6`];
    expect((await convert('--output_model', xml, ...ends, '--compress_to_fp16', 'False')).code).toBe(0);
    expect(await readFile(xml, 'utf8')).toContain('shape="1..4,16,16,16"');
    expect(jsonOf(await decant(['info', xml, '--json']))).toMatchObject({
      inputs: [{ names: [`${pooled}:0`], shape: [null, 16, 16, 16], type: 'f16' }],
      outputs: [{ names: ['activation_6'], shape: [null, 2] }],
    });
    const unknown = await convert('-o', xml, '--output', `${dense},activation_7`);
    expectFailure(unknown, 1, `no output or tensor '${dense}'`, 'Choose from the inputs conv2d_1_input');
    expectFailure(await convert('--output', xml), 2, 'is not a list of output names', `try: To name the file, use -o`);
  });

  it('sets the batch of all inputs', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    expect((await convert('-o', xml, '--batch', '4')).code).toBe(0);
    expect(jsonOf(await decant(['info', xml, '--json']))).toMatchObject({
      inputs: [{ shape: [4, 32, 32, 3] }],
      outputs: [{ shape: [4, 2] }],
    });
    const contrary = await convert('-o', xml, '--batch', '4', '--input', '[2,32,32,3]');
    expectFailure(contrary, 2, "input 'conv2d_1_input' has shape [2,32,32,3], and its batch cannot become 4");
  });
});
