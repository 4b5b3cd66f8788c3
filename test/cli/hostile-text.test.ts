import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, temporaryFolder } from '../support/run-cli.ts';

const EVIL = `=HYPERLINK("x")\n\u001b]0;owned\u0007\u009b2J\u202e${'long'.repeat(75)}`;

const CONTROL = /[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069]/u;

async function evilLabels(folder: string): Promise<string> {
  const path = join(folder, 'labels.json');
  await writeFile(path, JSON.stringify([EVIL, ...Array.from({ length: 79 }, (_, i) => `class ${i}`)]));
  return path;
}

it('prints no control characters of class names or file names', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, 'a\u001b[2J\nb.jpg');
  await copyFile(PHOTO, photo);
  const labels = await evilLabels(folder);
  const detect = ['detect', CENTERNET, photo, '--labels', labels];
  const printed = await decant([...detect, '--save', join(folder, 'saved')]);
  expect(printed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('=HYPERLINK("x")??]0;owned??2J?') as string,
  });
  expect(printed.stdout + printed.stderr).not.toMatch(CONTROL);
  const { stdout } = await decant([...detect, '--json']);
  expect(stdout).not.toMatch(CONTROL);
  const { images } = JSON.parse(stdout) as { images: [{ file: string; detections: [{ label: string }] }] };
  expect(images[0]).toMatchObject({
    file: photo,
    detections: expect.arrayContaining([expect.objectContaining({ label: EVIL })]) as unknown,
  });
  for (const args of [
    ['detect', CENTERNET, 'gone\u001b[2J.jpg'],
    ['info', CENTERNET, '--\u001b[2J'],
    ['info', '\u001b[2J\u009b'],
  ]) {
    const { code, stderr } = await decant(args);
    expect(code).not.toBe(0);
    expect(stderr).not.toMatch(CONTROL);
  }
});

it('writes no formulas to CSV, unless asked for raw text', async () => {
  const labels = await evilLabels(await temporaryFolder());
  const detect = ['detect', CENTERNET, PHOTO, '--labels', labels, '--format', 'csv'];
  const rows = (await decant(detect)).stdout.trim().split('\n');
  expect(rows.some(row => row.includes(`"'=HYPERLINK(""x"") ]0;owned 2J`))).toBe(true);
  expect(rows.every(row => row.endsWith('ymax') || /,[\d.]+$/.test(row))).toBe(true);
  expect((await decant([...detect, '--raw-csv'])).stdout).toContain(`"=HYPERLINK(""x"")\n\u001b]0;owned`);
});

it('keeps a line per class in the YOLO format, and shortens long names of crops', async () => {
  const folder = await temporaryFolder();
  const photo = join(folder, `${'n'.repeat(250)}.jpg`);
  await copyFile(PHOTO, photo);
  const labels = await evilLabels(folder);
  const detect = ['detect', CENTERNET, photo, '--labels', labels];
  const saved = await decant([
    ...detect,
    '--format',
    'yolo',
    '-o',
    join(folder, 'yolo'),
    '--save',
    join(folder, 'boxes'),
  ]);
  expect(saved).toMatchObject({ code: 0 });
  const classes = (await readFile(join(folder, 'yolo', 'classes.txt'), 'utf8')).trimEnd().split('\n');
  expect(classes).toHaveLength(80);
  expect(classes[1]).toBe('class 0');
  expect(await decant([...detect, '--crop', join(folder, 'crops')])).toMatchObject({ code: 0 });
  expect((await readdir(join(folder, 'crops'))).length).toBeGreaterThan(0);
});
