import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { DecantError } from '../errors.ts';

/** Milliseconds. Drawings of a few kilobytes can take days. */
const MAX_TIME = 8000;

/** The process also ends by itself, in case this one was killed. */
const PROGRAM = `
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1.25 * ${MAX_TIME});
const sharp = require(process.argv[1]);
const chunks = [];
process.stdin.on('data', chunk => chunks.push(chunk)).on('end', () =>
  sharp(Buffer.concat(chunks), { failOn: 'error', limitInputPixels: false }).png({ compressionLevel: 0 }).toBuffer().then(
    png => process.stdout.write(png, () => process.exit()),
    error => process.stderr.write(error.message, () => process.exit(1))));`;

/**
 * Returns an SVG as PNG. A process of its own draws it, because nothing can stop a drawing in this one.
 *
 * @throws DecantError `limit` if it takes longer than 8 seconds, `bad-image`
 */
export async function rasterizeSvg(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const child = spawn(process.execPath, ['-e', PROGRAM, createRequire(import.meta.url).resolve('sharp')], {
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const late = AbortSignal.timeout(MAX_TIME);
  late.addEventListener('abort', kill);
  try {
    const png: Uint8Array[] = [];
    let problem = '';
    child.stdout.on('data', (chunk: Uint8Array) => void png.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (problem += text));
    child.stdin.on('error', () => undefined).end(bytes);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    if (code === 0) return Buffer.concat(png);
    if (late.aborted) {
      throw new DecantError('limit', `${name} takes longer than ${MAX_TIME / 1000} s to draw`, {
        remedy: 'Convert it to PNG.',
      });
    }
    throw new DecantError('bad-image', `${name} cannot be drawn: ${problem.trim().split('\n').at(-1)!}`);
  } finally {
    late.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}
