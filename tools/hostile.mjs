/**
 * Sends hostile requests to `decant serve`: bad JSON, wrong tensors, broken forms, image bombs, slow bodies and broken protocol.
 *
 * npm run hostile -- [--count 10000] [--seed NAME]
 *
 * Fails if the server ends, answers with 500, or its memory keeps growing: the second half may take 10 % more than the first.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { loadModule } from './load-module.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HUMAN = join(ROOT, 'node_modules', '@vladmandic', 'human');

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: String(Date.now()) } },
});
const count = Number(values.count);

const models = ['centernet', 'liveness'].map(name => join(HUMAN, 'models', `${name}.json`));
const args = [
  join(ROOT, 'bin', 'decant.js'),
  'serve',
  ...models,
  '--port',
  '0',
  '--device',
  'CPU',
  '--max-pixels',
  '16',
];
const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
let isRunning = true;
server.on('exit', () => (isRunning = false));
const port = await new Promise(resolve => {
  createInterface(server.stdout).on('line', line => resolve(Number(/:(\d+)/.exec(line)?.[1])));
});

/** Megabytes. */
const memory = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;

const photo = await sharp(join(HUMAN, 'assets', 'samples.jpg'))
  .resize(64)
  .jpeg()
  .toBuffer();
const bomb = await sharp({ create: { width: 8000, height: 8000, channels: 3, background: 'red' } })
  .png()
  .toBuffer();
const { runHostile } = await loadModule(join(ROOT, 'tools', 'hostile', 'run-hostile.ts'));
const highest = [0, 0];
const start = performance.now();
const { statuses, failures } = await runHostile({
  port,
  seed: values.seed,
  count,
  seeds: {
    photo,
    bomb,
    detector: 'centernet',
    other: 'liveness',
    input: { name: 'conv2d_1_input', datatype: 'FP32', shape: [1, 32, 32, 3] },
  },
  onDone(done) {
    if (!isRunning) throw new Error(`the server ended at request ${done} of seed ${values.seed}`);
    const half = done > count / 2 ? 1 : 0;
    if (done % 50 === 0) highest[half] = Math.max(highest[half], memory());
  },
});
const alive = (await fetch(`http://127.0.0.1:${port}/v2/health/ready`)).ok;
server.kill();

const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${count} requests of seed ${values.seed} in ${seconds} s`);
for (const [status, times] of [...statuses].sort(([a], [b]) => a - b)) {
  console.log(`  ${status === 0 ? 'no answer' : status}  ${times}`);
}
console.log(`memory: ${highest.map(mb => `${mb.toFixed(0)} MB`).join(' in the first half, ')} in the second`);
const problems = [
  ...failures.map(failure => `500 for request ${failure}`),
  ...(alive ? [] : ['the server does not answer any more']),
  ...(highest[1] > 1.1 * highest[0] ? ['memory grows'] : []),
];
for (const problem of problems) console.log(`failed: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
