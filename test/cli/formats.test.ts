import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RESULT_FORMATS } from '../../src/results/result-formats.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, type Outcome, temporaryFolder } from '../support/run-cli.ts';

const NAMES = RESULT_FORMATS.map(({ name }) => name).join(', ');

const detect = (...args: readonly string[]): Promise<Outcome> => decant(['detect', CENTERNET, ...args]);

describe('detect --format', () => {
  it('prints the results of each image, and nothing else', async () => {
    const { code, stdout, stderr } = await detect(PHOTO, PHOTO, '--threshold', '0.3', '--format', 'transformers');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, second, end] = stdout.split('\n');
    expect(end).toBe('');
    expect(second).toBe(first);
    const [best] = JSON.parse(first!) as readonly object[];
    expect(best).toEqual({
      score: expect.any(Number) as number,
      label: 'person',
      box: expect.objectContaining({ xmin: expect.any(Number) as number }) as object,
    });
    expect(Object.keys(best!)).toEqual(['score', 'label', 'box']);
  });

  it('writes a file or a folder, and prints the table', async () => {
    const out = await temporaryFolder();
    const csv = join(out, 'new', 'found.csv');
    const written = await detect(PHOTO, '--threshold', '0.3', '--format', 'csv', '-o', csv);
    expect(written).toMatchObject({ code: 0, stderr: expect.stringMatching(/\nsaved .*found\.csv\n$/) as string });
    const objects = Number(/(\d+) found in/.exec(written.stdout)![1]);
    expect((await readFile(csv, 'utf8')).split('\n').length).toBe(objects + 2);

    const folder = join(out, 'yolo');
    expect((await detect(PHOTO, PHOTO, '--threshold', '0.3', '--format', 'yolo', '-o', folder)).code).toBe(0);
    expect(await filesBelow(folder)).toEqual([
      'classes.txt',
      'data.yaml',
      'labels/samples-2.txt',
      'labels/samples.txt',
    ]);
    const lines = (await readFile(join(folder, 'labels', 'samples.txt'), 'utf8')).split('\n');
    expect(lines.length).toBe(objects + 1);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^0( 0\.\d{6}){5}$/);
  });

  it('uses the ids of a dataset, and rejects other images', async () => {
    const folder = await temporaryFolder();
    const [annotations, output, other] = ['a.json', 'r.json', 'other.jpg'].map(name => join(folder, name));
    const images = [{ id: 'party', file_name: 'samples.jpg' }];
    const categories = [{ id: 3, name: 'Person' }];
    await writeFile(annotations!, JSON.stringify({ images, categories, annotations: [] }));
    await writeFile(other!, await readFile(PHOTO));
    const args = ['--quiet', '--format', 'coco', '--annotations', annotations!, '--output', output!];
    const { code, stderr } = await detect(PHOTO, other!, ...args);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `decant: ${other!} is not in the annotations\n`,
    });
    const results = JSON.parse(await readFile(output!, 'utf8')) as readonly object[];
    for (const result of results) expect(result).toMatchObject({ image_id: 'party', category_id: 3 });
    expect(results.length).toBeGreaterThan(0);
  });

  it('leaves an existing file untouched if it fails', async () => {
    const folder = await temporaryFolder();
    const output = join(folder, 'found.json');
    await writeFile(output, 'before');
    const broken = join(folder, 'broken.jpg');
    await writeFile(broken, 'not an image');
    const { code, stderr } = await detect(broken, '--format', 'json', '-o', output);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('broken.jpg is not an image') as string,
    });
    expect(await readFile(output, 'utf8')).toBe('before');
    expect(await filesBelow(folder)).toEqual(['broken.jpg', 'found.json']);
  });

  it('rejects invalid options', async () => {
    expectFailure(await detect(PHOTO, '--format', 'xml'), 2, "'xml' is not a result format", NAMES);
    expectFailure(await detect(PHOTO, '--format', 'voc'), 2, 'the voc format writes a folder', '--output');
    expectFailure(
      await detect(PHOTO, '--format', 'coco', '-o', 'x.csv'),
      2,
      "'x.csv' ends in .csv, and its format would be coco",
      'try: Name it differently, or use --format csv.',
    );
    expectFailure(
      await detect(PHOTO, '--json', '-o', 'x.CSV'),
      2,
      "'x.CSV' ends in .CSV, and its format would be json",
    );
    expectFailure(await detect(PHOTO, '--format', 'voc', '-o', 'x.json'), 2, 'its format would be voc');
    expectFailure(await detect(PHOTO, '-o', 'x.txt'), 2, 'no format is given for x.txt', '--format');
    expectFailure(await detect(PHOTO, '--annotations', 'a.json'), 2, '--annotations', '--format coco');
  });

  it('lists all formats in its help', async () => {
    const { stdout } = await decant(['detect', '--help']);
    const help = stdout.replaceAll(/\s+/g, ' ');
    expect(help).toContain(`output format of results: ${NAMES}`);
    const folders = RESULT_FORMATS.filter(({ output }) => output === 'folder').map(({ name }) => name);
    expect(help).toContain(`for ${folders.join(' and ')}, to this folder`);
  });
});
