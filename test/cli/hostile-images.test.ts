import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, PROGRAM, temporaryFolder } from '../support/run-cli.ts';

/** Takes librsvg minutes. */
const BOMB = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000">
  <filter id="f"><feTurbulence numOctaves="60000" baseFrequency="0.01"/><feGaussianBlur stdDeviation="400"/></filter>
  ${'<rect width="4000" height="4000" filter="url(#f)"/>'.repeat(20)}</svg>`;

const isRoot = process.getuid?.() === 0;

it('gives up on an SVG that takes too long, and processes the others', async () => {
  const folder = await temporaryFolder();
  const bomb = join(folder, 'bomb.svg');
  await writeFile(bomb, BOMB);
  const start = performance.now();
  const { code, stdout, stderr } = await decant(['detect', CENTERNET, bomb, PHOTO, '--quiet']);
  expect(performance.now() - start).toBeLessThan(40_000);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `decant: ${bomb} takes longer than 8 s to draw\n  try: Convert it to PNG.\n`,
  });
  expect(stdout).toContain(`${PHOTO}: 1280 x 1158`);
});

it('gives up on an SVG whose size depends on a long text', async () => {
  const text = join(await temporaryFolder(), 'text.svg');
  await writeFile(
    text,
    `<svg xmlns="http://www.w3.org/2000/svg"><text y="9">${'letters '.repeat(40_000)}</text></svg>`,
  );
  const start = performance.now();
  const { code, stderr } = await decant(['detect', CENTERNET, text, '--quiet']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `decant: ${text} takes longer than 8 s to draw\n  try: Convert it to PNG.\n`,
  });
  expect(performance.now() - start).toBeLessThan(40_000);
});

it('ends on a signal while an SVG is drawn', async () => {
  const bomb = join(await temporaryFolder(), 'bomb.svg');
  await writeFile(bomb, BOMB);
  const child = spawn(process.execPath, [PROGRAM, 'detect', CENTERNET, bomb, '--json']);
  await new Promise(resolve => setTimeout(resolve, 3000));
  const start = performance.now();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(143);
  expect(performance.now() - start).toBeLessThan(3000);
});

it('names the pages of a long animation instead of processing them all', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'long.gif');
  const frame = Buffer.alloc(3 * 8 * 8 * 1001, 0).map((_, i) => (Math.floor(i / 192) * 7) & 255);
  const gif = sharp(frame, { raw: { width: 8, height: 8 * 1001, channels: 3, pageHeight: 8 } });
  await gif.gif({ keepDuplicateFrames: true }).toFile(path);
  expectFailure(
    await decant(['detect', CENTERNET, path, '--json']),
    1,
    'has 1001 pages',
    'try: Choose some with --page',
  );
  expect(await decant(['detect', CENTERNET, path, '--page', '1001', '--json'])).toMatchObject({ code: 0, stderr: '' });
});

it.runIf(process.platform === 'linux')('reads files whose names are not UTF-8', async () => {
  const folder = await temporaryFolder();
  const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.jpg')]);
  await writeFile(name, readFileSync(PHOTO));
  expect(await decant(['detect', CENTERNET, folder])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('/caf?.jpg: 1280 x 1158') as string,
  });
  await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe8), Buffer.from('.jpg')]), '');
  const { code, stderr } = await decant(['detect', CENTERNET, folder]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('several names that are not UTF-8') as string,
  });
});

it.each(['', '/**/*.jpg'])('reports a subfolder that cannot be listed, and processes the rest: %s', async pattern => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'locked'), { mode: 0 });
  await writeFile(join(folder, 'photo.jpg'), readFileSync(PHOTO));
  const run = isRoot ? { uid: 65534, gid: 65534 } : {};
  // Root may list every folder.
  if (isRoot) await new Promise(resolve => spawn('chmod', ['755', folder]).on('exit', resolve));
  const env = { ...process.env, HOME: '/nonexistent', DECANT_CACHE: '/nonexistent' };
  const module = new URL('../../dist/internals.js', import.meta.url).href;
  const script = `const { findInputs } = await import(${JSON.stringify(module)});
    for (const { name, problem } of await findInputs([${JSON.stringify(folder + pattern)}])) console.log(name, problem?.message ?? '');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { ...run, env, cwd: '/' });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  await once(child, 'close');
  const locked = join(folder, 'locked');
  expect(stdout).toBe(`${join(folder, 'photo.jpg')} \n${locked} '${locked}' cannot be read: permission denied\n`);
});
