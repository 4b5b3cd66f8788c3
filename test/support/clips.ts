import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

export function ffmpeg(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** Writes one second of ffmpeg's test pattern; `options` are output options. */
export function makeClip(path: string, size = '160x90', rate = '30', ...options: readonly string[]): string {
  // RGB frames keep an odd size.
  const source = `testsrc2=size=${size}:rate=${rate}:duration=1,format=rgb24`;
  ffmpeg('-f', 'lavfi', '-i', source, ...options, '-pix_fmt', 'yuv420p', path);
  return path;
}

/** Writes one second of video with a variable frame rate. */
export const makeUnevenClip = (path: string): string =>
  makeClip(path, '160x90', '60', '-vf', "select='not(mod(n,3))+not(mod(n,7))'", '-vsync', 'vfr');

export interface StreamFacts {
  readonly codec_type: string;
  readonly codec_name: string;
  readonly width?: number;
  readonly height?: number;
  readonly pix_fmt?: string;
  readonly sample_aspect_ratio?: string;
  readonly color_space?: string;
  readonly avg_frame_rate?: string;
  readonly duration?: string;
  readonly nb_read_frames?: string;
}

/** Returns the streams of a video, with their decoded frames counted. */
export function streamsOf(path: string): readonly StreamFacts[] {
  return (probe(path, '-count_frames', '-show_streams') as { streams: readonly StreamFacts[] }).streams;
}

/** Returns the timestamps of the frames of a video, in seconds. */
export function timesOf(path: string): readonly number[] {
  const { frames } = probe(path, '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time') as {
    frames: readonly { readonly best_effort_timestamp_time: string }[];
  };
  return frames.map(frame => Number(frame.best_effort_timestamp_time));
}

function probe(path: string, ...options: readonly string[]): unknown {
  const args = ['-v', 'error', '-of', 'json', ...options, path];
  const { status, stdout, stderr } = spawnSync('ffprobe', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}
