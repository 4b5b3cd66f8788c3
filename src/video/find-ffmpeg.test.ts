import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { ffmpegFeatures } from './ffmpeg-features.ts';
import { findFfmpeg } from './find-ffmpeg.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('finds ffmpeg on the PATH or at DECANT_FFMPEG, and ffprobe next to it', async () => {
  const installed = findFfmpeg();
  const folder = await temporaryFolder();
  const ffmpeg = join(folder, 'ffmpeg');
  const ffprobe = join(folder, 'ffprobe');
  await symlink(installed.ffmpeg, ffmpeg);
  vi.stubEnv('DECANT_FFMPEG', ffmpeg);
  expect(findFfmpeg()).toEqual({ ffmpeg, ffprobe: installed.ffprobe });
  await symlink(installed.ffprobe, ffprobe);
  expect(findFfmpeg()).toEqual({ ffmpeg, ffprobe });

  vi.stubEnv('DECANT_FFMPEG', '');
  vi.stubEnv('PATH', `/nowhere:${folder}:${process.env['PATH']!}`);
  expect(findFfmpeg()).toEqual({ ffmpeg, ffprobe });
});

it('reports a missing program', async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('PATH', folder);
  expect(() => findFfmpeg()).toThrow('ffmpeg, which is not on the PATH');
  const ffmpeg = join(folder, 'ffmpeg');
  await writeFile(ffmpeg, '');
  expect(() => findFfmpeg()).toThrow('ffmpeg, which is not on the PATH');
  vi.stubEnv('DECANT_FFMPEG', ffmpeg);
  expect(() => findFfmpeg()).toThrow(`DECANT_FFMPEG is '${ffmpeg}', which is not an executable file`);
  await chmod(ffmpeg, 0o755);
  expect(() => findFfmpeg()).toThrow(`there is no ffprobe next to '${ffmpeg}'`);
});

it('queries encoders and the name of the passthrough option', async () => {
  const { encoders } = await ffmpegFeatures(findFfmpeg().ffmpeg);
  expect(encoders.has('mpeg4')).toBe(true);
  expect(encoders.has('=')).toBe(false);

  const folder = await temporaryFolder();
  const optionOf = async (version: string): Promise<string> => {
    const program = join(folder, version);
    const banner = `ffmpeg version ${version} Copyright (c) the FFmpeg developers`;
    await writeFile(program, `#!/bin/sh\necho '[info] ${banner}' >&2\necho ' V....D libx264  H.264'\n`);
    await chmod(program, 0o755);
    const features = await ffmpegFeatures(program);
    expect([...features.encoders]).toEqual(['libx264']);
    return features.passthrough[0];
  };
  const versions = ['4.4.2-0ubuntu0.22.04.1', '5.0.1', '5.1.9-0+deb12u1', 'n7.1', '8.0', 'N-110000-gabc'];
  expect(await Promise.all(versions.map(optionOf))).toEqual([
    ...['-vsync', '-vsync', '-fps_mode'],
    ...['-fps_mode', '-fps_mode', '-fps_mode'],
  ]);
});
