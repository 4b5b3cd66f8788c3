import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isText } from './is-text.ts';

it('tells TypeScript from videos of camcorders', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'decant-is-text-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [code, clip] = [join(folder, 'code.mts'), join(folder, 'clip.mts')];
  await writeFile(code, '/** Größe */\nexport const size = 2;\n');
  const source = ['-f', 'lavfi', '-i', 'color=gray:size=32x32:duration=0.1'];
  expect(spawnSync('ffmpeg', ['-loglevel', 'error', ...source, '-f', 'mpegts', clip]).status).toBe(0);
  expect(await isText(code)).toBe(true);
  expect(await isText(clip)).toBe(false);
  expect(await isText(join(folder, 'none.mts'))).toBe(false);
});
