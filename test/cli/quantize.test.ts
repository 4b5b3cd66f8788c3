import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { QuantizationSummary } from '../../src/cli/quantize/quantization-summary.ts';
import { tensorOf } from '../../src/tensor/tensor.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { decant, expectFailure, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const quantize = (model: string, output: string, ...args: readonly string[]): Promise<Outcome> =>
  decant(['quantize', model, '-o', output, ...args]);

describe('quantize', () => {
  it('makes a detector that finds the same objects', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'int8.xml');
    const { code, stdout, stderr } = await quantize(CENTERNET, xml, '--images', PHOTO);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'decant: only 1 of the 100 to 300 images that reliable ranges need\n',
    });
    expect(stdout).toMatch(/^layers in int8: 71 of 89$/m);
    expect((await stat(join(folder, 'int8.bin'))).size).toBeLessThan(2.3e6);
    const { stdout: found } = await decant(['detect', xml, PHOTO, '--threshold', '0.2']);
    expect(found.match(/^ {2}person /gm)?.length).toBeGreaterThan(1);
  });

  it('quantizes an IR of a classifier, and prints JSON', async () => {
    const folder = await temporaryFolder();
    const ir = join(folder, 'f16.xml');
    await decant(['convert', LIVENESS, '-o', ir]);
    const { code, stdout } = await quantize(ir, join(folder, 'a.xml'), '--images', PHOTO, '--keep', 'dense', '--json');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as QuantizationSummary;
    expect(summary.kept.map(({ reason }) => reason)).toEqual(["its name contains 'dense'"]);
    await quantize(ir, join(folder, 'b.xml'), '--images', PHOTO, '--keep', 'dense');
    const [a, b] = await Promise.all(['a.bin', 'b.bin'].map(file => readFile(join(folder, file))));
    expect(a!.equals(b!)).toBe(true);
  });

  it('takes arrays for a model without images, and limits the drop only of detectors', async () => {
    const folder = await temporaryFolder();
    const values = Array.from({ length: 32 * 32 * 3 }, (_, i) => i % 251);
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 32, 32, 3), }".padEnd(117).concat('\n');
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
    const data = new Uint8Array(Float32Array.from(values).buffer);
    await writeFile(join(folder, 'a.npy'), Buffer.concat([start, Buffer.from(header), data]));
    const { code, stdout } = await quantize(LIVENESS, join(folder, 'a.xml'), '--images', folder, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 1, kept: [] });
    const limited = await quantize(LIVENESS, join(folder, 'b.xml'), '--images', PHOTO, '--max-drop', '0.1');
    expectFailure(limited, 1, 'detector');
  });

  it('computes the layers in int8 that the summary lists, and reports what became of each', async () => {
    const folder = await temporaryFolder();
    const [xml, report] = [join(folder, 'int8.xml'), join(folder, 'layers.html')];
    const { code, stdout } = await quantize(
      LIVENESS,
      xml,
      '--images',
      PHOTO,
      '--keep',
      'dense',
      '--report',
      report,
      '--json',
    );
    expect(code).toBe(0);
    const { quantized, kept, kernels } = JSON.parse(stdout) as QuantizationSummary;
    using model = core.readModelSync(xml);
    using compiled = core.compileModelSync(model, 'CPU', {
      INFERENCE_PRECISION_HINT: 'f32',
      PERF_COUNT: true,
    });
    using request = compiled.createInferRequest();
    const data = new Float32Array(32 * 32 * 3).map((_, i) => i % 251);
    request.infer({ [compiled.inputs[0]!.anyName]: tensorOf('f32', [1, 32, 32, 3], data) });
    const isFilter = /^(?:Convolution|FullyConnected)/;
    const executed = request.getProfilingInfo().filter(({ nodeType }) => isFilter.test(nodeType));
    const int8 = executed.filter(({ execType }) => execType.endsWith('I8'));
    expect(int8).toHaveLength(quantized.length);
    expect(kernels).toEqual({ int8: quantized.length, all: executed.length });
    for (const { name } of quantized) expect(int8.filter(({ nodeName }) => nodeName.startsWith(name))).toHaveLength(1);
    const page = await readFile(report, 'utf8');
    for (const { name, noise } of quantized) {
      expect(page).toContain(`<td>${name}</td>`);
      expect(noise).toBeGreaterThan(0);
      expect(page).toContain(noise!.toFixed(4));
    }
    expect(page).toContain(`f32: ${kept[0]!.reason.replaceAll("'", '&#39;')}`);
  });

  it('limits the drop on annotated images, and names those that are not', async () => {
    const folder = await temporaryFolder();
    const annotations = join(folder, 'instances.json');
    const { stdout: found } = await decant(['detect', CENTERNET, PHOTO, '--threshold', '0.3', '--format', 'coco']);
    const results = JSON.parse(found) as readonly { readonly category_id: number; readonly bbox: readonly number[] }[];
    expect(results.length).toBeGreaterThan(0);
    const people = results.filter(({ category_id }) => category_id === 1);
    const write = (file: string): Promise<void> =>
      writeFile(
        annotations,
        JSON.stringify({
          images: [{ id: 1, file_name: file }],
          categories: [{ id: 1, name: 'person' }],
          annotations: people.map(({ bbox }, i) => ({
            id: i + 1,
            image_id: 1,
            category_id: 1,
            bbox,
            area: 1,
            iscrowd: 0,
          })),
        }),
      );
    await write(basename(PHOTO));
    const limited = ['--images', PHOTO, '--annotations', annotations, '--max-drop', '0.6'];
    const { code, stdout } = await quantize(CENTERNET, join(folder, 'a.xml'), ...limited, '--json');
    expect(code).toBe(0);
    const { drop } = JSON.parse(stdout) as QuantizationSummary;
    expect(drop).toBeLessThanOrEqual(0.6);
    expect(drop).not.toBe(0);
    await write('other.jpg');
    expectFailure(await quantize(CENTERNET, join(folder, 'b.xml'), ...limited), 1, 'is not in the annotations');
  });

  it('says what is wrong with images', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'out.xml');
    const gray = join(folder, 'gray.png');
    await sharp({ create: { width: 40, height: 40, channels: 3, background: '#808080' } }).toFile(gray);
    const broken = join(folder, 'broken.jpg');
    await writeFile(broken, 'no image');
    expectFailure(
      await quantize(LIVENESS, xml, '--images', gray),
      2,
      'every image is a single color',
      'try: Pass images',
    );
    expectFailure(await quantize(LIVENESS, xml, '--images', broken), 1, 'broken.jpg');
    expectFailure(await quantize(LIVENESS, xml, '--images', join(folder, 'none')), 1, 'none');
    await copyFile(PHOTO, join(folder, 'photo.jpg'));
    const { code, stderr } = await quantize(LIVENESS, xml, '--images', folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^decant: 1 of \d+ images cannot be read: /m);
    expect(stderr).toMatch(/^decant: images of a single color: 1 of \d+$/m);
  });

  it('refuses names that no layer has, and videos', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    expectFailure(
      await quantize(LIVENESS, xml, '--images', PHOTO, '--keep', 'nose'),
      1,
      "contains 'nose'",
      'decant dump',
    );
    expectFailure(await quantize(LIVENESS, xml, '--images', 'clip.mp4'), 2, 'is a video', 'try: Extract some frames');
  });
});
