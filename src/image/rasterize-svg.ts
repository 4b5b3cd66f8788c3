import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { DecantError } from '../errors.ts';
import { CONVERT } from './bmp-header.ts';
import { checkPixels, MAX_PIXELS, MAX_SIDE } from './pixel-limit.ts';

/** Milliseconds. Drawings of a few kilobytes can take days, and so can the layout of texts that only their size depends on. */
const MAX_TIME = 8000;

/** Exit codes of the program. */
const NO_IMAGE = 2;
const TOO_LARGE = 3;

/** The process also ends by itself, in case this one was killed. */
const PROGRAM = `
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1.25 * ${MAX_TIME});
const sharp = require(process.argv[1]);
const fail = (code, text) => process.stderr.write(text, () => process.exit(code));
const draw = async bytes => {
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: false });
  const { width, height, format } = await image.metadata().catch(() => ({}));
  if (format !== 'svg') return fail(${NO_IMAGE}, ' ');
  if (width * height > ${MAX_PIXELS} || Math.max(width, height) > ${MAX_SIDE}) return fail(${TOO_LARGE}, JSON.stringify([width, height]));
  const png = await image.png({ compressionLevel: 0 }).toBuffer();
  process.stdout.write(png, () => process.exit());
};
const chunks = [];
process.stdin.on('data', chunk => chunks.push(chunk));
process.stdin.on('end', () => draw(Buffer.concat(chunks)).catch(error => fail(1, error.message)));`;

/**
 * Returns an SVG as PNG. A process of its own measures and draws it, because nothing could stop that in this one.
 *
 * @throws DecantError `limit` if it takes longer than 8 seconds or has too many pixels, `bad-image`
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
    if (code === NO_IMAGE) {
      throw new DecantError('bad-image', `${name} is not an image in a supported format`, { remedy: CONVERT });
    }
    if (code === TOO_LARGE) checkPixels(name, ...(JSON.parse(problem) as [width: number, height: number]));
    throw new DecantError('bad-image', `${name} cannot be drawn: ${problem.trim().split('\n').at(-1)!}`);
  } finally {
    late.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}
