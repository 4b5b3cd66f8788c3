/**
 * Kills runs of the built program with SIGKILL, each time a little later, and checks after the next run that its results are
 * complete and that no unfinished file is left:
 *
 *   node tools/kill-runs.mjs [kills per command] [command ...]
 *
 * The delays are shares of the time of a whole run, so that they do not depend on the machine. It needs OpenVINO, and for
 * `setup` a folder with its wheel in WHEELS: pip download openvino==VERSION --no-deps --only-binary :all: --python-version 3.12
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODELS = join(ROOT, 'node_modules/@vladmandic/human/models');
const PHOTO = join(ROOT, 'node_modules/@vladmandic/human/assets/samples.jpg');
const [KILLS = 20, ...CHOSEN] = process.argv.slice(2).map((arg, i) => (i === 0 ? Number(arg) : arg));

const home = mkdtempSync(join(tmpdir(), 'decant-kill-'));
const cache = join(home, 'cache');
const out = join(home, 'out');

const { locateOpenVino } = await import('../dist/internals.js');
const openvino = locateOpenVino().found?.library ?? '';

function run(args, env, killAfter) {
  const start = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'bin/decant.js'), ...args], {
    env: { ...process.env, DECANT_CACHE: cache, DECANT_OPENVINO: openvino, NO_PROXY: '127.0.0.1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise(resolve =>
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stderr, ms: performance.now() - start });
    }),
  );
}

const filesIn = folder => {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
};

const isLeftover = path => /\.part(\.|$)|partial-|\.(use|removal)$/.test(path);

/** A server that sends a model slowly enough to be killed in between. */
const model = join(MODELS, 'centernet.json');
const server = createServer((request, response) => {
  const path = join(MODELS, decodeURIComponent(new URL(request.url, 'http://x').pathname));
  const { size } = statSync(path);
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': size - start,
    etag: `"${size}"`,
    ...(start > 0 && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
  });
  createReadStream(path, { start, highWaterMark: 2 ** 16 }).pipe(response);
}).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
const url = `http://127.0.0.1:${server.address().port}/centernet.json`;

const photos = Array.from({ length: 6 }, (_, i) => {
  const path = join(home, `photo-${i}.jpg`);
  writeFileSync(path, readFileSync(PHOTO));
  return path;
});

/** `complete` are the files that the next run must leave, and no others. */
const CASES = [
  { name: 'convert', args: ['convert', model, '-o', join(out, 'm.xml')], complete: ['m.bin', 'm.labels.txt', 'm.xml'] },
  {
    name: 'detect --resume',
    args: ['detect', model, ...photos, '--save', out, '--format', 'csv', '-o', join(out, 'found.csv'), '--resume'],
    complete: ['decant-detections.jsonl', 'found.csv', ...photos.map((_, i) => `photo-${i}-detected.jpg`)],
  },
  {
    name: 'download',
    args: ['download', url, '-o', out],
    complete: ['centernet.bin', 'centernet.json', 'centernet.json.sha256'],
  },
  {
    name: 'cache',
    args: ['detect', model, photos[0], '--format', 'csv', '-o', join(out, 'x.csv')],
    complete: ['x.csv'],
    fresh: true,
  },
  {
    name: 'setup',
    args: ['setup', '--force'],
    env: { DECANT_OPENVINO: '', PIP_NO_INDEX: '1', PIP_FIND_LINKS: process.env.WHEELS },
    complete: [],
    fresh: true,
    skip: process.env.WHEELS === undefined,
  },
];

const isChosen = ({ name, skip }) => (CHOSEN.length === 0 || CHOSEN.includes(name)) && skip !== true;

let failures = 0;
for (const { name, args, env, complete, fresh = false } of CASES.filter(isChosen)) {
  const reset = () => {
    rmSync(out, { recursive: true, force: true });
    if (fresh) rmSync(cache, { recursive: true, force: true });
  };
  reset();
  const whole = await run(args, env);
  if (whole.code !== 0) throw new Error(`${name} fails: ${whole.stderr}`);
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    reset();
    const { signal } = await run(args, env, (whole.ms * (i + 1)) / (KILLS + 1));
    if (signal === 'SIGKILL') killed++;
    const next = await run(args, env);
    const left = [...filesIn(out), ...filesIn(cache)].filter(isLeftover);
    const found = filesIn(out)
      .map(path => path.slice(out.length + 1))
      .sort();
    const isComplete = JSON.stringify(found) === JSON.stringify([...complete].sort());
    if (next.code === 0 && left.length === 0 && isComplete) continue;
    failures++;
    console.log(
      `${name}, kill ${i + 1}: exit code ${next.code}, files ${found.join(' ')}, left ${left.join(' ')}\n${next.stderr}`,
    );
  }
  console.log(`${name}: ${killed} of ${KILLS} killed`);
}
server.close();
rmSync(home, { recursive: true, force: true });
console.log(failures === 0 ? 'nothing lost, nothing left' : `${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
