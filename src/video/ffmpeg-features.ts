import { text } from 'node:stream/consumers';
import { FfmpegProcess } from './ffmpeg-process.ts';

/** What an ffmpeg can do. */
export interface FfmpegFeatures {
  readonly encoders: ReadonlySet<string>;
  /** The option that hands frames on as they come, none doubled and none left out. */
  readonly passthrough: readonly [option: string, value: string];
}

const known = new Map<string, Promise<FfmpegFeatures>>();

/** What the ffmpeg at a path can do, asked once. */
export function ffmpegFeatures(ffmpeg: string): Promise<FfmpegFeatures> {
  const features = known.get(ffmpeg) ?? ask(ffmpeg);
  known.set(ffmpeg, features);
  return features;
}

async function ask(ffmpeg: string): Promise<FfmpegFeatures> {
  let version = '';
  const child = new FfmpegProcess(ffmpeg, ['-loglevel', 'level+info', '-encoders'], {
    onMessage: line => (version ||= /^ffmpeg version (\S+)/.exec(line)?.[1] ?? ''),
  });
  const list = await text(child.output);
  await child.ended;
  const encoders = new Set([...list.matchAll(/^ [VAS][A-Z.]{5} (\w[\w-]*)/gm)].map(([, name]) => name!));
  return { encoders, passthrough: [syncOption(version), 'passthrough'] };
}

/** ffmpeg 5.1 gave the option a new name; a build between releases (`N-110000-g...`) is newer than that. */
function syncOption(version: string): string {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return '-fps_mode';
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1) ? '-fps_mode' : '-vsync';
}
