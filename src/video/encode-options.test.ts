import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/run-cli.ts';
import { makeClip, streamsOf, timesOf } from '../../test/support/clips.ts';
import { encodeOptions } from './encode-options.ts';
import { ffmpegFeatures } from './ffmpeg-features.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { probeVideo } from './probe-video.ts';
import { matroskaFrame, matroskaHead } from './raw-matroska.ts';

const size = { width: 33, height: 20 };

it('falls back to MPEG-4 and its coarser time base without H.264', async () => {
  const out = join(await temporaryFolder(), 'out.mp4');
  const { ffmpeg } = findFfmpeg();
  const features = await ffmpegFeatures(ffmpeg);
  const encoders = new Set([...features.encoders].filter(name => name !== 'libx264'));
  const encoder = new FfmpegProcess(ffmpeg, encodeOptions(out, out, size, 0.5, { ...features, encoders }, {}), {
    input: true,
  });
  await encoder.send(matroskaHead(size, 25));
  const pixels = new Uint8Array(3 * size.width * size.height).fill(90);
  for (const step of [0, 40_000, 130_000]) {
    await encoder.send(matroskaFrame(pixels.length, step));
    await encoder.send(pixels);
  }
  encoder.endInput();
  expect([await encoder.ended, encoder.lastError]).toEqual([0, undefined]);
  expect(streamsOf(out)).toMatchObject([{ codec_name: 'mpeg4', width: 34, height: 20, nb_read_frames: '3' }]);
  expect(timesOf(out)).toEqual([0.5, 0.54, 0.63].map(time => expect.closeTo(time, 3) as number));
});

it('names the missing encoder', () => {
  const features = { encoders: new Set(['libx264']), passthrough: ['-vsync', 'passthrough'] } as const;
  expect(() => encodeOptions('x.webm', 'x.webm', size, 0, features, {})).toThrow('libvpx-vp9 or libvpx');
});

it('copies audio if the format supports it, up to the given length', async () => {
  const features = await ffmpegFeatures(findFfmpeg().ffmpeg);
  const info = await probeVideo(makeClip(join(await temporaryFolder(), 'clip.mp4')));
  const copiesAudio = (path: string, audio: string): boolean =>
    encodeOptions(path, path, size, 0, features, { like: { ...info, audio } }).includes('copy');
  expect(copiesAudio('x.mp4', 'aac')).toBe(true);
  expect(copiesAudio('x.mp4', 'pcm_s16le')).toBe(false);
  expect(copiesAudio('x.mov', 'pcm_s16le')).toBe(true);
  expect(copiesAudio('x.mkv', 'wmav2')).toBe(true);
  expect(copiesAudio('x.webm', 'opus')).toBe(true);
  expect(copiesAudio('x.webm', 'aac')).toBe(false);
  const some = encodeOptions('x.mp4', 'x.mp4', size, 0, features, { like: { ...info, audio: 'aac' }, seconds: 1.5 });
  expect(some.slice(some.indexOf('-t'), some.indexOf('-t') + 2)).toEqual(['-t', '1.500000']);
});
