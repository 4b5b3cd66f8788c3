/**
 * Compares `decant serve` with the same detector in one process: images per second of keep-alive clients on this machine and of
 * `Detector.detectAll`, processor time, latencies, and the server's memory.
 *
 * npm run bench:serve -- [--model MODEL] [--image FILE] [--clients 64] [--seconds 60]
 */
import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HUMAN = join(ROOT, 'node_modules', '@vladmandic', 'human');
const MEGABYTE = 2 ** 20;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: join(HUMAN, 'models', 'centernet.json') },
    image: { type: 'string', default: join(HUMAN, 'assets', 'samples.jpg') },
    clients: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '60' },
    'in-process': { type: 'boolean', default: false },
  },
});
const image = readFileSync(options.image);
const seconds = Number(options.seconds);

/** Milliseconds before anything is counted. */
const WARM_UP = 2000;

async function inProcess() {
  const { Detector } = await import('../dist/index.js');
  const detector = await Detector.load(options.model, { device: 'CPU', performanceHint: 'throughput' });
  const start = performance.now() + WARM_UP;
  const end = start + 1000 * seconds;
  let count = 0;
  let cpu;
  function* images() {
    while (performance.now() < end) yield image;
  }
  for await (const { error } of detector.detectAll(images())) {
    if (error !== undefined) throw error;
    if (performance.now() < start) continue;
    cpu ??= process.cpuUsage();
    count++;
  }
  detector.close();
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / ((performance.now() - start) / 1000), cpu: (user + system) / 1000 / count };
}

const measureInProcess = () =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--in-process']);
    child.on('message', resolve).on('exit', code => code !== 0 && reject(new Error('the detector failed')));
  });

async function startServer() {
  const args = [join(ROOT, 'bin', 'decant.js'), 'serve', `model=${options.model}`, '--port', '0', '--device', 'CPU'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface(server.stdout)) {
    const url = /^serving on (\S+?),?$/.exec(line)?.[1];
    if (url !== undefined) return { server, url };
  }
  throw new Error('the server did not start');
}

/** Milliseconds of processor time of a process; the kernel counts hundredths of seconds. */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

const residentBytes = pid => 1024 * Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function measureServer() {
  const { server, url } = await startServer();
  const pool = new Pool(url, { connections: Number(options.clients) });
  const start = performance.now() + WARM_UP;
  const end = start + 1000 * seconds;
  const latencies = [];
  const statuses = {};
  const memory = [];
  const timer = setInterval(() => memory.push(residentBytes(server.pid)), 1000);
  // Requests that are answered after the end are not counted, nor is their processor time.
  const cpu = [WARM_UP, WARM_UP + 1000 * seconds].map(async ms => {
    await sleep(ms);
    return [cpuTime(server.pid), process.cpuUsage()];
  });
  const client = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      const { statusCode, body } = await pool.request({ path: '/v1/models/model/detect', method: 'POST', body: image });
      await body.dump();
      const answered = performance.now();
      if (answered < start || answered > end) continue;
      statuses[statusCode] = 1 + (statuses[statusCode] ?? 0);
      if (statusCode === 200) latencies.push(answered - sent);
    }
  };
  await Promise.all(Array.from({ length: Number(options.clients) }, client));
  clearInterval(timer);
  const [[before, ownBefore], [after, ownAfter]] = await Promise.all(cpu);
  const own = ownAfter.user - ownBefore.user + ownAfter.system - ownBefore.system;
  await pool.close();
  server.kill();
  latencies.sort((a, b) => a - b);
  const count = latencies.length;
  return {
    perSecond: count / seconds,
    cpu: (after - before) / count,
    clients: own / 1000 / count,
    latencies,
    statuses,
    memory,
  };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

if (options['in-process']) {
  process.send(await inProcess());
  process.disconnect();
} else {
  const alone = await measureInProcess();
  const { perSecond, cpu, clients, latencies, statuses, memory } = await measureServer();
  const half = memory.length >> 1;
  const highest = [memory.slice(0, half), memory.slice(half)].map(part => Math.max(...part) / MEGABYTE);
  console.log(
    `in one process  ${alone.perSecond.toFixed(1)} images/s, ${alone.cpu.toFixed(1)} ms of processor time each`,
  );
  console.log(
    `served          ${perSecond.toFixed(1)} images/s to ${options.clients} clients, ${(perSecond / alone.perSecond).toFixed(3)} of it`,
  );
  console.log(
    `processor time  ${cpu.toFixed(1)} ms in the server, ${clients.toFixed(1)} ms in the clients, for each image`,
  );
  console.log(`latency         p50 ${at(latencies, 0.5).toFixed(0)} ms, p99 ${at(latencies, 0.99).toFixed(0)} ms`);
  console.log(`answers         ${JSON.stringify(statuses)}`);
  console.log(
    `memory          at most ${highest[0].toFixed(0)} MB in the first half, ${highest[1].toFixed(0)} MB in the second`,
  );
}
