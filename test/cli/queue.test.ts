import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { expectValid } from '../support/json-schema.ts';
import { seededImage } from '../support/seeded.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { freePort, startRedis } from '../support/redis.ts';
import {
  decant,
  environment,
  expectFailure,
  filesBelow,
  jsonOf,
  PROGRAM,
  temporaryFolder,
} from '../support/run-cli.ts';

const IMAGES = 24;

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

function started(child: ChildProcess): ChildProcess {
  children.push(child);
  return child;
}

function startWorker(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, 'worker', CENTERNET, '--device', 'CPU', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  return child;
}

async function exitOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly stderr: string }> {
  let stderr = '';
  child.stderr!.on('data', chunk => (stderr += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, stderr };
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise(resolve => setTimeout(resolve, 100));
}

it('processes each image of a queue once, though a worker and Redis are killed', { timeout: 180_000 }, async () => {
  const folder = await temporaryFolder();
  const images = join(folder, 'images');
  const found = join(folder, 'found');
  const port = await freePort();
  let redis = started(await startRedis(folder, port));
  const queue = ['--redis', `redis://127.0.0.1:${port}`, '--queue', 'shots'];
  await copyImages(images);
  await writeFile(join(folder, 'list.txt'), `# also\n${join(images, 'a0.png')}\n${join(folder, 'gone.jpg')}\n`);

  const enqueued = await decant(['enqueue', images, join(folder, 'list.txt'), ...queue, '--json']);
  expectValid('enqueue', jsonOf(enqueued));
  expect(jsonOf(enqueued)).toMatchObject({ images: IMAGES + 2, added: IMAGES + 2, waiting: IMAGES + 2 });
  const again = await decant(['enqueue', images, ...queue]);
  expect(again.stdout).toBe(`0 images queued, ${IMAGES + 1} known already\n`);

  const results = ['--results', found, ...queue, '--threshold', '0.3'];
  const first = startWorker(...results);
  const parts = async () => (await filesBelow(folder)).filter(file => file.startsWith('found/parts/')).length;
  await until(async () => (await parts()) > 3);
  first.kill('SIGKILL');
  redis.kill('SIGKILL');
  await once(redis, 'exit');
  expect(await parts()).toBeLessThan(IMAGES);
  redis = started(await startRedis(folder, port));
  const workers = [startWorker(...results, '--drain'), startWorker(...results, '--drain')];
  for (const { code, stderr } of await Promise.all(workers.map(exitOf))) {
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${IMAGES} results in ${found}, 2 images failed`) as string,
    });
  }

  const lines = (await readFile(join(found, 'results.jsonl'), 'utf8')).trimEnd().split('\n');
  const records = lines.map(
    line => JSON.parse(line) as { readonly file: string; readonly detections: readonly object[] },
  );
  expect(records.map(({ file }) => file)).toEqual([...new Set(records.map(({ file }) => file))]);
  expect(records).toHaveLength(IMAGES);
  const single = await decant(['detect', CENTERNET, PHOTO, '--json', '--threshold', '0.3', '--device', 'CPU']);
  const {
    images: [expected],
  } = jsonOf(single) as { readonly images: readonly { readonly detections: readonly object[] }[] };
  expect(records.find(({ file }) => file.endsWith('photo.jpg'))!.detections).toEqual(expected!.detections);
  const failed = (await readFile(join(found, 'failed.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(failed.map(line => (JSON.parse(line) as { readonly image: string }).image).sort()).toEqual(
    [join(folder, 'gone.jpg'), join(images, 'bad.png')].sort(),
  );

  // Failed images are tried again when asked.
  await copyFile(PHOTO, join(folder, 'gone.jpg'));
  expect((await decant(['enqueue', '--retry-failed', ...queue])).stdout).toContain('2 retried');
  const retried = await decant(['worker', CENTERNET, '--device', 'CPU', ...results, '--format', 'coco', '--drain']);
  expect(retried).toMatchObject({ code: 0, stderr: expect.stringContaining(`${IMAGES + 1} results in`) as string });
  expect(JSON.parse(await readFile(join(found, 'results.json'), 'utf8'))).not.toHaveLength(0);
});

/** Images of which one is a photo, and one is none. */
async function copyImages(folder: string): Promise<void> {
  await mkdir(folder);
  await copyFile(PHOTO, join(folder, 'photo.jpg'));
  await writeFile(join(folder, 'bad.png'), 'no image');
  for (let i = 0; i < IMAGES - 1; i++) {
    const { data } = seededImage(48, 64, i);
    await sharp(data as Uint8Array, { raw: { width: 64, height: 48, channels: 3 } })
      .png()
      .toFile(join(folder, `a${i}.png`));
  }
}

it('explains what is missing', async () => {
  const port = await freePort();
  expectFailure(
    await decant(['enqueue', PHOTO, '--redis', `redis://127.0.0.1:${port}`]),
    1,
    `no Redis server at 127.0.0.1:${port}`,
    'ECONNREFUSED',
  );
  expectFailure(
    await decant(['enqueue', PHOTO, '--redis', 'localhost']),
    2,
    "'localhost' is not the URL of a Redis server",
  );
  expectFailure(await decant(['enqueue']), 2, 'no images were named');
  expectFailure(await decant(['enqueue', PHOTO, '--queue', 'a:b']), 2, "'a:b' is not a valid queue name");
  expectFailure(
    await decant(['worker', CENTERNET, '--results', 'x', '--format', 'yolo']),
    2,
    "'yolo' is not a format of merged results",
  );
});
