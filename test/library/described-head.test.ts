import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { convertModel, Detector, type HeadDescription, saveModel } from '../../src/index.ts';
import { PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';

const MODEL = gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures/detectors/ssd-candidates.pb.gz')));

it('detects by a description as by the head that it describes, from the IR alone', async () => {
  const folder = await temporaryFolder();
  const model = join(folder, 'model.pb');
  await writeFile(model, MODEL);
  const { conversion } = await convertModel(model);
  const nameOf = (size: number): string =>
    [...conversion.graph.outputs].find(([, { shape }]) => (shape.length === 4) === (size === 4))![0];
  const description: HeadDescription = {
    outputs: { boxes: nameOf(4), scores: nameOf(3) },
    boxes: { format: 'yxyx', scale: 'fractions' },
    classes: { first: 1 },
    nms: { iouThreshold: 0.5, scoreThreshold: 0.5, perClass: false, maxDetections: 20 },
  };
  using known = await Detector.load(model, { core, device: 'CPU', convert: { compressToFp16: false } });
  expect(known.kind).toBe('ssd-candidates');
  const { detections } = await known.detect(PHOTO, { threshold: 0.5 });
  expect(detections.length).toBeGreaterThan(3);

  const xml = join(folder, 'described.xml');
  await saveModel(await convertModel(model, { compressToFp16: false, head: description }), xml);
  using described = await Detector.load(xml, { core, device: 'CPU' });
  expect(described).toMatchObject({ kind: 'described', firstClassId: 1 });
  const boxesOf = (found: typeof detections): readonly unknown[] => found.map(({ box, classId }) => ({ box, classId }));
  expect(boxesOf((await described.detect(PHOTO, { threshold: 0.5 })).detections)).toEqual(boxesOf(detections));

  const head = join(folder, 'head.json');
  await writeFile(head, JSON.stringify(description));
  const { stdout } = await decant(['info', model, '--head', head]);
  expect(stdout).toContain('head: described, because its outputs are described by the user\n');
  const { heads } = jsonOf(await decant(['info', xml, '--json'])) as { heads: readonly { name: string }[] };
  expect(heads.map(({ name }) => name)).toEqual(['described']);

  await writeFile(head, JSON.stringify({ ...description, nms: { iou: 0.5 } }));
  const unknown = "the head's description has an unknown key 'nms.iou'";
  expectFailure(await decant(['info', model, '--head', head]), 2, unknown, "Did you mean 'iouThreshold'?");
  const gone = { ...description, outputs: { boxes: 'gone', scores: nameOf(3) } };
  await expect(convertModel(model, { head: gone })).rejects.toMatchObject({
    code: 'unsupported',
    message: "the head described does not fit the model: there is no output 'gone'",
  });
  await expect(Detector.load(xml, { core, head: 'yolo' })).rejects.toMatchObject({ code: 'unsupported' });
});
