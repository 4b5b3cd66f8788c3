import { text } from 'node:stream/consumers';
import type { Size } from '../image/image.ts';
import { DecantError } from '../errors.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { inputOptions } from './video-source.ts';

/** What a video says of itself. */
export interface VideoInfo extends Size {
  /** Its path or address. */
  readonly source: string;
  /** Frames a second; the mean of those that come unevenly. */
  readonly frameRate: number;
  /** The times of its frames are whole numbers of ticks, of which a second has so many. */
  readonly timescale: number;
  /** Width and height of a pixel: `1:1`, but for recordings that are stretched when they are shown. */
  readonly pixelAspect: string;
  /** The length in seconds; undefined for one that does not tell, as a stream. */
  readonly duration: number | undefined;
  /** The number of frames, or what its length comes to where it tells none; undefined without either. */
  readonly frames: number | undefined;
  /** The codec of its sound; undefined for one without. */
  readonly audio: string | undefined;
}

/** What ffprobe prints, as far as it is read. */
interface Probed {
  readonly streams?: readonly Stream[];
  readonly format?: { readonly duration?: string };
}

interface Stream {
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly time_base?: string;
  readonly duration?: string;
  readonly nb_frames?: string;
  readonly disposition?: { readonly attached_pic?: number };
  readonly side_data_list?: readonly { readonly rotation?: number }[];
  readonly tags?: { readonly rotate?: string };
}

/**
 * What a video says of itself; sizes as it is shown, upright.
 *
 * @param source a path, or an `http`, `https` or `rtsp` URL
 * @throws DecantError `not-found` for a file that is not there, or without ffmpeg; `bad-video` for what is no video;
 *   `cancelled`
 *
 * @example
 * ```ts
 * import { probeVideo } from 'decant';
 *
 * const { width, height } = await probeVideo('clip.mp4');
 * console.log(width, height);
 * ```
 */
export async function probeVideo(
  source: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<VideoInfo> {
  const { ffprobe } = findFfmpeg();
  const options = ['-loglevel', 'level+error', '-of', 'json', '-show_streams', '-show_format', ...inputOptions(source)];
  const child = new FfmpegProcess(ffprobe, options);
  const abort = (): void => child.kill();
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  const json = await text(child.output);
  const code = await child.ended;
  signal?.removeEventListener('abort', abort);
  if (signal?.aborted === true) throw new DecantError('cancelled', `reading ${source} was cancelled`);
  if (code !== 0) throw badVideo(source, child.lastError);
  return infoOf(source, JSON.parse(json) as Probed);
}

/** A source that ffmpeg cannot read, with the reason that it gives. */
export function badVideo(source: string, reason = 'ffmpeg does not say why'): DecantError {
  const [why] = [reason].map(line => (line.startsWith(`${source}: `) ? line.slice(source.length + 2) : line));
  return new DecantError('bad-video', `${source} cannot be read as a video: ${why!}`);
}

function infoOf(source: string, { streams = [], format = {} }: Probed): VideoInfo {
  const video = streams.find(
    ({ codec_type: type, disposition }) => type === 'video' && disposition?.attached_pic !== 1,
  );
  if (video === undefined) {
    throw new DecantError('bad-video', `${source} is no video: there are no moving pictures in it`);
  }
  const { width = 0, height = 0, tags, side_data_list: sideData = [] } = video;
  const rotation = sideData.find(data => data.rotation !== undefined)?.rotation ?? Number(tags?.rotate ?? 0);
  const lying = Math.abs(rotation) % 180 === 90;
  const aspect = (video.sample_aspect_ratio ?? '1:1').split(':');
  const frameRate = ratio(video.avg_frame_rate) ?? ratio(video.r_frame_rate) ?? 25;
  const duration = positive(video.duration) ?? positive(format.duration);
  return {
    source,
    width: lying ? height : width,
    height: lying ? width : height,
    frameRate,
    timescale: positive(video.time_base?.split('/')[1]) ?? DEFAULT_TIMESCALE,
    pixelAspect: aspect.includes('0') ? '1:1' : (lying ? aspect.reverse() : aspect).join(':'),
    duration,
    frames: positive(video.nb_frames) ?? (duration && Math.round(duration * frameRate)),
    audio: streams.find(({ codec_type: type }) => type === 'audio')?.codec_name,
  };
}

/** A frame of every usual rate, those of 24000/1001 and 30000/1001 too, lasts a whole number of such ticks. */
export const DEFAULT_TIMESCALE = 120_000;

/** `30000/1001` as a number; undefined for `0/0`. */
function ratio(text = ''): number | undefined {
  const [over, under] = text.split('/').map(Number);
  return positive(over! / under!);
}

function positive(value: string | number | undefined): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
