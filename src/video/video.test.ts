import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, temporaryFolder } from '../../test/support/run-cli.ts';
import { ffmpeg, makeClip, makeUnevenClip, streamsOf, timesOf } from '../../test/support/clips.ts';
import type { Image } from '../image/image.ts';
import { probeVideo } from './probe-video.ts';
import { readVideo, type VideoFrame } from './read-video.ts';
import { VideoWriter } from './video-writer.ts';

async function framesOf(...args: Parameters<typeof readVideo>): Promise<readonly VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of readVideo(...args)) frames.push(frame);
  return frames;
}

const timesIn = (frames: readonly VideoFrame[]): readonly number[] => frames.map(({ time }) => time);

const plain = (width: number, height: number, color: readonly [number, number, number]): Image => ({
  ...{ width, height, name: 'plain' },
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => color[i % 3]!),
});

const colorAt = ({ width, data }: Image, x: number, y: number): readonly number[] =>
  [...data.subarray(3 * (y * width + x))].slice(0, 3);

async function turnClockwise(path: string): Promise<void> {
  const bytes = await readFile(path);
  const matrix = bytes.indexOf('tkhd') + 44;
  [0, 0x10000, 0, -0x10000, 0].forEach((value, i) => bytes.writeInt32BE(value, matrix + 4 * i));
  await writeFile(path, bytes);
}

function expectColor(actual: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(6);
}

async function copy(from: string, to: string): Promise<void> {
  const like = await probeVideo(from);
  await using writer = await VideoWriter.create(to, { like });
  for await (const { image, time } of readVideo(from, { info: like })) await writer.write(image, time);
  await writer.finish();
}

describe('readVideo', () => {
  it('yields all frames with their timestamps', async () => {
    const clip = makeClip(join(await temporaryFolder(), 'clip.mp4'), '160x90', '30000/1001');
    const frames = await framesOf(clip);
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    for (const [i, time] of timesIn(frames).entries()) expect(time).toBeCloseTo((i * 1001) / 30000, 9);
    for (const { image } of frames) expect([image.width, image.height, image.data.length]).toEqual([160, 90, 43200]);
    expect(frames[3]!.image.name).toBe(`${clip} frame 4`);
    expect(new Set(frames.map(({ image }) => Buffer.from(image.data).toString('base64'))).size).toBe(30);
  });

  it('yields each frame of a variable frame rate once', async () => {
    const clip = makeUnevenClip(join(await temporaryFolder(), 'clip.mp4'));
    const expected = Array.from({ length: 60 }, (_, n) => n).filter(n => n % 3 === 0 || n % 7 === 0);
    const times = timesIn(await framesOf(clip));
    expect(times.map(time => time * 60)).toEqual(expected.map(n => expect.closeTo(n, 6) as number));
  });

  it('turns frames upright', async () => {
    const folder = await temporaryFolder();
    const clip = makeClip(join(folder, 'clip.mp4'), '160x90', '30', '-vf', 'drawbox=0:0:80:90:red:fill');
    await turnClockwise(clip);
    expect(await probeVideo(clip)).toMatchObject({ width: 90, height: 160, frames: 30 });
    const [first] = await framesOf(clip, { maxFrames: 1 });
    expect([first!.image.width, first!.image.height]).toEqual([90, 160]);
    expectColor(colorAt(first!.image, 45, 20), [255, 0, 0]);
    expect(colorAt(first!.image, 45, 140)).not.toEqual(colorAt(first!.image, 45, 20));
  });

  it('ends at maxFrames, until, break and signal', async () => {
    const clip = makeClip(join(await temporaryFolder(), 'clip.mkv'));
    expect(await framesOf(clip, { maxFrames: 7 })).toHaveLength(7);
    const until = new AbortController();
    let count = 0;
    for await (const { index } of readVideo(clip, { until: until.signal })) {
      count = index + 1;
      if (index === 4) until.abort();
    }
    expect(count).toBe(5);
    for await (const { index } of readVideo(clip)) if (index === 2) break;
    const signal = AbortSignal.abort();
    await expect(framesOf(clip, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does not decode far ahead of the consumer', async () => {
    const clip = makeClip(join(await temporaryFolder(), 'clip.mp4'), '640x360', '60');
    const frames = readVideo(clip);
    await frames.next();
    await new Promise(resolve => setTimeout(resolve, 300));
    const before = process.memoryUsage().arrayBuffers;
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5e6);
    let count = 1;
    for await (const { index } of frames) count = index + 1;
    expect(count).toBe(60);
  });

  it('reports unreadable files', async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, 'missing.mp4');
    await expect(framesOf(missing)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(missing) as string,
    });
    await expect(framesOf(folder)).rejects.toMatchObject({ code: 'io' });

    const text = join(folder, 'text.mp4');
    await writeFile(text, 'no video');
    const message = `${text} cannot be read as a video: Invalid data found when processing input`;
    await expect(framesOf(text)).rejects.toMatchObject({ code: 'bad-video', message });

    const sound = join(folder, 'sound.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', sound);
    const still = `${sound} is not a video: it has no video stream`;
    await expect(framesOf(sound)).rejects.toMatchObject({ code: 'bad-video', message: still });
  });

  it('yields the frames of a truncated video, then throws', async () => {
    const folder = await temporaryFolder();
    const clip = makeClip(join(folder, 'clip.mp4'), '320x180', '30', '-movflags', '+faststart');
    await truncate(clip, Math.floor((await readFile(clip)).length / 2));
    const read: number[] = [];
    const all = async (): Promise<void> => {
      for await (const { index } of readVideo(clip)) read.push(index);
    };
    await expect(all()).rejects.toMatchObject({
      code: 'bad-video',
      message: expect.stringMatching(/clip\.mp4 is corrupt or truncated after \d+ of 30 frames: \S/) as string,
    });
    expect(read.length).toBeGreaterThan(3);
    expect(read.length).toBeLessThan(30);
  });

  it('rejects a missing camera', async () => {
    await expect(framesOf('/dev/video4321')).rejects.toMatchObject({
      code: process.platform === 'linux' ? 'not-found' : 'unsupported',
    });
  });
});

describe('VideoWriter', () => {
  it.each(['mp4', 'mov', 'mkv', 'm4v'])('keeps frames, timestamps, rate and audio: .%s', async ending => {
    const folder = await temporaryFolder();
    const sine = ['-f', 'lavfi', '-i', 'sine=duration=1', '-map', '0:v', '-map', '1:a', '-c:a', 'aac'];
    const clip = makeClip(join(folder, 'clip.mp4'), '160x90', '30000/1001', ...sine);
    const out = join(folder, `out.${ending}`);
    await copy(clip, out);
    const [video, audio] = streamsOf(out);
    expect(video).toMatchObject({
      codec_name: 'h264',
      width: 160,
      height: 90,
      pix_fmt: 'yuv420p',
      nb_read_frames: '30',
    });
    expect(video!.avg_frame_rate).toBe('30000/1001');
    expect(audio!.codec_name).toBe('aac');
    // Matroska has no negative timestamps, where this audio begins: video and audio are shifted alike.
    const [first] = timesOf(out);
    const precision = ending === 'mkv' ? 2 : 5;
    expect(timesOf(out).map(time => time - first!)).toEqual(
      timesOf(clip).map(time => expect.closeTo(time, precision) as number),
    );
    expect(first).toBeLessThan(ending === 'mkv' ? 0.03 : 1e-6);
    const packets = (path: string): Promise<Buffer> => {
      const raw = `${path}.aac`;
      ffmpeg('-i', path, '-map', '0:a', '-c', 'copy', raw);
      return readFile(raw);
    };
    expect(await packets(out)).toEqual(await packets(clip));
    expect((await filesBelow(folder)).filter(name => name.endsWith('.part'))).toEqual([]);
  });

  it('writes VP9 into .webm, and re-encodes unsupported audio', async () => {
    const folder = await temporaryFolder();
    const sine = ['-f', 'lavfi', '-i', 'sine=duration=1', '-map', '0:v', '-map', '1:a', '-c:a', 'aac'];
    const out = join(folder, 'out.webm');
    await copy(makeClip(join(folder, 'clip.mp4'), '160x90', '30', ...sine), out);
    expect(streamsOf(out)).toMatchObject([
      { codec_name: 'vp9', width: 160, height: 90, nb_read_frames: '30' },
      { codec_name: 'opus' },
    ]);
  });

  it('neither duplicates nor drops frames of a variable frame rate', async () => {
    const folder = await temporaryFolder();
    const clip = makeUnevenClip(join(folder, 'clip.mp4'));
    const out = join(folder, 'out.mp4');
    await copy(clip, out);
    expect(timesOf(out)).toEqual(timesOf(clip));
  });

  it('keeps audio and video in sync if one starts later', async () => {
    const folder = await temporaryFolder();
    const early = makeClip(join(folder, 'early.mp4'));
    const clip = join(folder, 'clip.mp4');
    ffmpeg(...['-itsoffset', '0.5', '-i', early, '-f', 'lavfi', '-i', 'sine=duration=1.5'], '-c:v', 'copy', clip);
    const out = join(folder, 'out.mp4');
    await copy(clip, out);
    expect(timesOf(clip)[0]).toBeCloseTo(0.5, 2);
    expect(timesOf(out)).toEqual(timesOf(clip).map(time => expect.closeTo(time, 3) as number));
  });

  it('pads odd sizes with the edge', async () => {
    const out = join(await temporaryFolder(), 'out.mp4');
    await using writer = await VideoWriter.create(out);
    for (let i = 0; i < 5; i++) await writer.write(plain(33, 21, [200, 40, 90]));
    await writer.finish();
    expect(streamsOf(out)).toMatchObject([{ width: 34, height: 22, pix_fmt: 'yuv420p', nb_read_frames: '5' }]);
    expect(timesOf(out)).toEqual([0, 0.04, 0.08, 0.12, 0.16]);
    const [, second] = await framesOf(out);
    for (const [x, y] of [
      [0, 0],
      [16, 10],
      [33, 21],
    ] as const)
      expectColor(colorAt(second!.image, x, y), [200, 40, 90]);
  });

  it('keeps colors and the pixel aspect', async () => {
    const folder = await temporaryFolder();
    const box = 'drawbox=0:0:160:90:0xC8285A:fill,setsar=4/3';
    const clip = makeClip(join(folder, 'clip.mp4'), '160x90', '30', '-vf', box);
    const out = join(folder, 'out.mp4');
    const again = join(folder, 'again.mp4');
    await copy(clip, out);
    await copy(out, again);
    expect(streamsOf(again)).toMatchObject([{ sample_aspect_ratio: '4:3', color_space: 'bt709' }]);
    const [first] = await framesOf(again, { maxFrames: 1 });
    expectColor(colorAt(first!.image, 80, 45), [0xc8, 0x28, 0x5a]);
  });

  it('rejects unknown extensions, no frames, and frames of another size', async () => {
    const folder = await temporaryFolder();
    await expect(VideoWriter.create(join(folder, 'out.gif'))).rejects.toMatchObject({ code: 'invalid-argument' });
    const writer = await VideoWriter.create(join(folder, 'out.mp4'));
    await expect(writer.finish()).rejects.toMatchObject({ code: 'invalid-argument' });
    await writer.write(plain(32, 20, [0, 0, 0]));
    await expect(writer.write(plain(20, 32, [0, 0, 0]))).rejects.toMatchObject({ code: 'invalid-argument' });
    await writer.discard();
    expect(await filesBelow(folder)).toEqual([]);
  });

  it('reports write errors and leaves no file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(VideoWriter.create(join(folder, 'file', 'out.mp4'))).rejects.toMatchObject({ code: 'io' });
    // Missing audio makes the encoder fail.
    const like = { ...(await probeVideo(makeClip(join(folder, 'clip.mp4')))), audio: 'aac' };
    const writer = await VideoWriter.create(join(folder, 'out.mp4'), { like });
    const write = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) await writer.write(plain(160, 90, [0, 0, 0]));
      await writer.finish();
    };
    await expect(write()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining("Stream map '1:a:0' matches no streams") as string,
    });
    expect(await filesBelow(folder)).toEqual(['clip.mp4', 'file']);
  });
});
