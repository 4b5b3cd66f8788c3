import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const COUNT = 60;

/** A folder of images, one of them corrupt. */
async function album(): Promise<string> {
  const folder = await temporaryFolder();
  const small = await sharp(PHOTO).resize(320, 290).jpeg().toBuffer();
  for (let i = 0; i < COUNT; i++) {
    const bytes = i === 3 ? small.subarray(0, 2000) : small;
    await writeFile(join(folder, `${String(i).padStart(2, '0')}.jpg`), bytes);
  }
  return folder;
}

const imagesIn = (stdout: string): number => stdout.match(/^\S+\.jpg: 320 x 290/gm)?.length ?? 0;

describe('detect --resume', () => {
  it('processes what an interrupted run left', async () => {
    const folder = await album();
    const out = await temporaryFolder();
    const run = (...more: readonly string[]): Promise<Outcome> =>
      decant(['detect', CENTERNET, folder, '--threshold', '0.3', '--save', out, ...more]);

    const interrupted = await decant(['detect', CENTERNET, folder, '--threshold', '0.3', '--save', out], {
      interruptWhen: stdout => imagesIn(stdout) >= 10,
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/^decant: interrupted\. Repeat the command with --resume to continue\.\n$/m);
    const first = (await filesBelow(out)).filter(name => name !== 'decant-detections.jsonl');
    expect(first.length).toBeGreaterThanOrEqual(10);
    expect(first.length).toBeLessThan(COUNT - 1);
    // Nothing is half-written: all files can be decoded.
    expect(first.every(name => /^\d\d-detected\.jpg$/.test(name))).toBe(true);
    for (const name of first) await sharp(join(out, name), { failOn: 'warning' }).raw().toBuffer();
    const before = await readFile(join(out, '00-detected.jpg'));
    await rm(join(out, '01-detected.jpg'));

    const resumed = await run('--resume');
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toMatch(/^\d+ of 60 already done$/m);
    expect(resumed.stderr).toContain('03.jpg is corrupt or truncated');
    const done = Number(/^(\d+) of/m.exec(resumed.stderr)?.[1]);
    expect(imagesIn(resumed.stdout)).toBe(COUNT - 1 - done);
    expect(done).toBeGreaterThanOrEqual(8);
    const all = (await filesBelow(out)).filter(name => name.endsWith('.jpg'));
    expect(all).toHaveLength(COUNT - 1);
    expect(await readFile(join(out, '00-detected.jpg'))).toEqual(before);

    // Results of all images, though only the corrupt one is processed again.
    const again = await run('--resume', '--json');
    expect(again.code).toBe(1);
    const answer = JSON.parse(again.stdout) as { images: { file: string; detections: object[]; error?: object }[] };
    const images = answer.images.filter(({ error }) => error === undefined);
    expect(images.map(({ file }) => file)).toEqual(
      Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(2, '0')}.jpg`)).toSpliced(3, 1),
    );
    for (const { detections } of images) expect(detections.length).toBeGreaterThan(0);
    expect(again.stderr).toContain('03.jpg is corrupt or truncated');

    // Another spelling of the same folder.
    const respelled = await run('--resume', '--save', `${out}/`);
    expect(respelled.stderr).toContain(`${COUNT - 1} of ${COUNT} already done`);

    expectFailure(await run('--resume', '--top', '1'), 2, 'was written with another model or other options', 'try: ');
  });

  it('needs a folder, and does not combine with --report', async () => {
    const both = ['--resume', '--save', 'found', '--report', 'found.html'];
    expectFailure(await decant(['detect', CENTERNET, PHOTO, ...both]), 2, '--report covers all images', 'try: ');
    expectFailure(await decant(['detect', CENTERNET, PHOTO, '--resume']), 2, '--resume needs the folder', '--save');
  });
});
