import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decant, jsonOf, ROOT, temporaryFolder } from '../support/run-cli.ts';

/** A detector exported to take encoded images: scores of a person and a dog are the image's red and blue. */
const DETECTOR = join(ROOT, 'test', 'fixtures', 'saved-model', 'encoded-detector.tar.gz');
const NOTE =
  "Input 'input_tensor' takes a decoded image, u8 [1,height,width,3], instead of an encoded one: decoding was removed.";

it('a detector of encoded images takes decoded ones, and every command notes it', async () => {
  const folder = await temporaryFolder();
  const image = join(folder, 'purple.png');
  const xml = join(folder, 'out.xml');
  const background = { r: 204, g: 0, b: 51 };
  await sharp({ create: { width: 40, height: 20, channels: 3, background } }).toFile(image);

  expect((await decant(['convert', DETECTOR, '-o', xml])).stdout).toContain(`note: ${NOTE}\n`);
  const summary = jsonOf(await decant(['convert', DETECTOR, '-o', xml, '--json']));
  expect(summary).toMatchObject({ notes: [NOTE] });
  const info = (await decant(['info', xml])).stdout;
  expect(info).toContain(`note: ${NOTE}\n`);
  expect(info).toContain('names[input_tensor] shape[1,?,?,3] type: u8');

  // Converted first, then from the cache.
  for (let run = 0; run < 2; run++) {
    const { stdout, stderr } = await decant(['detect', DETECTOR, image, '--device', 'CPU', '--threshold', '0.1']);
    expect(stdout + stderr).toContain(`note: ${NOTE}\n`);
    expect(stdout).toMatch(/person +0\.80 +10 +5 +30 +15\n/);
    expect(stdout).toMatch(/dog +0\.20 +20 +5 +30 +10\n/);
  }
  const answer = jsonOf(await decant(['detect', xml, image, '--device', 'CPU', '--json']));
  expect(answer).toMatchObject({ notes: [NOTE], images: [{ detections: [{ label: 'person' }] }] });
});
