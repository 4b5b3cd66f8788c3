import { text } from 'node:stream/consumers';
import { FfmpegProcess } from './ffmpeg-process.ts';

export interface FfmpegFeatures {
  readonly encoders: ReadonlySet<string>;
  readonly passthrough: readonly [option: string, value: string];
}

const cache = new Map<string, Promise<FfmpegFeatures>>();

export function ffmpegFeatures(ffmpeg: string): Promise<FfmpegFeatures> {
  const features = cache.get(ffmpeg) ?? query(ffmpeg);
  cache.set(ffmpeg, features);
  return features;
}

async function query(ffmpeg: string): Promise<FfmpegFeatures> {
  let version = '';
  const child = new FfmpegProcess(ffmpeg, ['-loglevel', 'level+info', '-encoders'], {
    onMessage: line => (version ||= /^ffmpeg version (\S+)/.exec(line)?.[1] ?? ''),
  });
  const list = await text(child.output);
  await child.ended;
  const encoders = new Set([...list.matchAll(/^ [VAS][A-Z.]{5} (\w[\w-]*)/gm)].map(([, name]) => name!));
  return { encoders, passthrough: [syncOption(version), 'passthrough'] };
}

/** Neither duplicates nor drops frames. ffmpeg 5.1 renamed the option; development builds (`N-110000-g...`) are newer. */
function syncOption(version: string): string {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return '-fps_mode';
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1) ? '-fps_mode' : '-vsync';
}
