/**
 * Kills a worker and Redis with SIGKILL in the middle of a queue, and checks that each image then has one result; then lets two
 * workers share a queue, and checks that none repeats what the other did:
 *
 *   npm run build && node tools/kill-worker.mjs [--images 500] [--model MODEL]
 *
 * It needs OpenVINO and redis-server.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import sharp from 'sharp';
import { loadModule } from './load-module.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const { freePort, startRedis } = await loadModule(join(ROOT, 'test/support/redis.ts'));

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '500' },
    model: { type: 'string', default: join(ROOT, 'node_modules/@vladmandic/human/models/centernet.json') },
  },
});
const count = Number(values.images);
const home = mkdtempSync(join(tmpdir(), 'decant-queue-'));
const images = join(home, 'images');
const port = await freePort();
const connection = { host: '127.0.0.1', port };
const address = ['--redis', `redis://127.0.0.1:${port}`];
const children = new Set();
const problems = [];

/** Kills a program at the end, if it still runs. */
function watched(child) {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

const runRedis = async () => watched(await startRedis(home, port));

const decant = (...args) =>
  watched(spawn(process.execPath, [join(ROOT, 'bin/decant.js'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] }));

/** Resolves when a program has ended, with what it wrote to standard error. */
async function endOf(child) {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  const [code] = await once(child, 'close');
  if (code !== 0) problems.push(`exit code ${code}: ${stderr}`);
}

async function kill(child) {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const worker = queue =>
  decant(
    'worker',
    values.model,
    '--device',
    'CPU',
    ...address,
    '--queue',
    queue,
    '--results',
    join(home, queue),
    '--drain',
  );

const partsOf = queue => {
  try {
    return readdirSync(join(home, queue, 'parts')).length;
  } catch {
    return 0;
  }
};

async function until(check) {
  while (!check()) await new Promise(resolve => setTimeout(resolve, 20));
}

function checkResults(queue) {
  const lines = readFileSync(join(home, queue, 'results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const files = new Set(lines.map(line => JSON.parse(line).file));
  console.log(`${queue}: ${lines.length} results of ${files.size} images`);
  if (lines.length !== count || files.size !== count) problems.push(`${queue}: not one result for each image`);
}

/** Numbers of the images that each worker completed, and how many were begun more than once. */
async function checkJobs(name, repeated) {
  const queue = new Queue(name, { connection });
  const jobs = await queue.getJobs(['completed'], 0, -1);
  await queue.close();
  const begun = jobs.filter(({ attemptsStarted }) => attemptsStarted > 1).length;
  const workers = [...new Set(jobs.map(({ processedBy }) => processedBy))];
  const shares = workers.map(each => jobs.filter(({ processedBy }) => processedBy === each).length);
  console.log(`${name}: ${shares.join(' + ')} = ${jobs.length} images completed, ${begun} of them begun again`);
  if (jobs.length !== count) problems.push(`${name}: ${jobs.length} images completed`);
  if (begun > repeated) problems.push(`${name}: ${begun} images were begun again`);
  return shares;
}

mkdirSync(images);
for (let i = 0; i < count; i++) {
  const background = { r: i % 256, g: (7 * i) % 256, b: (i >> 8) * 50 };
  const image = sharp({ create: { width: 320, height: 240, channels: 3, background } });
  await image.png().toFile(join(images, `${i}.png`));
}
try {
  let redis = await runRedis();

  await endOf(decant('enqueue', images, ...address, '--queue', 'killed'));
  const first = worker('killed');
  await until(() => partsOf('killed') >= count / 4);
  await kill(first);
  console.log(`killed: worker after ${partsOf('killed')} images`);
  const second = worker('killed');
  const ended = endOf(second);
  await until(() => partsOf('killed') >= count / 2);
  await kill(redis);
  console.log(`killed: Redis after ${partsOf('killed')} images`);
  redis = await runRedis();
  await ended;
  checkResults('killed');
  // Those that were in work when the worker died, and those when Redis died.
  await checkJobs('killed', 20);

  await endOf(decant('enqueue', images, ...address, '--queue', 'shared'));
  await Promise.all([worker('shared'), worker('shared')].map(endOf));
  checkResults('shared');
  if ((await checkJobs('shared', 0)).length !== 2) problems.push('shared: one of the workers did nothing');
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
}
for (const problem of problems) console.log(`failed: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
