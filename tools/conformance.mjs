/**
 * Checks `decant serve` with clients that others publish: tritonclient, over HTTP and gRPC, and OpenVINO's Model API.
 *
 * npm run conformance
 *
 * pip installs the clients into `tmp/conformance`, at the versions in `tools/conformance/requirements.txt`. Model API needs OpenVINO's
 * and OpenCV's wheels, although it only talks to the server: about 150 MB.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HUMAN = join(ROOT, 'node_modules', '@vladmandic', 'human');
const CENTERNET = join(HUMAN, 'models', 'centernet.json');
const DECANT = join(ROOT, 'bin', 'decant.js');

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

function python() {
  const venv = join(ROOT, 'tmp', 'conformance');
  const program = join(venv, 'bin', 'python');
  if (!existsSync(program)) run('python3', '-m', 'venv', venv);
  run(program, '-m', 'pip', 'install', '--quiet', '-r', join(ROOT, 'tools', 'conformance', 'requirements.txt'));
  return program;
}

/** Starts a server on any ports, and returns its addresses. */
async function serve(...models) {
  const args = [DECANT, 'serve', ...models, '--port', '0', '--grpc-port', '0', '--device', 'CPU'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface(server.stdout)) {
    const [, http, grpc] = /^serving on http:\/\/(\S+), gRPC on port (\d+)$/.exec(line) ?? [];
    if (http !== undefined) return { server, http, grpc: `127.0.0.1:${grpc}` };
  }
  throw new Error('the server did not start');
}

const program = python();
const folder = mkdtempSync(join(tmpdir(), 'decant-conformance-'));
try {
  const ssd = join(folder, 'ssd.xml');
  // Model API sends frames as they are to servers: the model resizes them.
  const steps = 'u8,nhwc,bgr,resize=linear';
  run(process.execPath, DECANT, 'convert', CENTERNET, '--layout', 'ssd7', '--preprocess', steps, '-o', ssd);
  const liveness = `liveness=${join(HUMAN, 'models', 'liveness.json')}`;
  const { server, http, grpc } = await serve(liveness, CENTERNET, `ssd=${ssd}`);
  try {
    run(program, join(ROOT, 'tools', 'conformance', 'check.py'), http, grpc, join(HUMAN, 'assets', 'samples.jpg'));
  } finally {
    server.kill();
  }
} finally {
  rmSync(folder, { recursive: true });
}
