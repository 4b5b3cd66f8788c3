import { text } from 'node:stream/consumers';
import type { Size } from '../image/image.ts';
import { abortSignal, checkArgument, checkOptions, text as aText } from '../check.ts';
import { DecantError } from '../errors.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { inputOptions, isPipe } from './video-source.ts';

/**
 * Properties of a video: the frame rate per second, the mean if it varies; the timescale in ticks per second, of which
 * timestamps are multiples; the duration in seconds, undefined if unknown, as for streams.
 */
export interface VideoInfo extends Size {
  readonly source: string;
  readonly frameRate: number;
  readonly timescale: number;
  /** Width and height of a pixel; `1:1` unless the video is stretched for display. */
  readonly pixelAspect: string;
  readonly duration: number | undefined;
  /** Estimated from the duration if the file does not store it; undefined if unknown. */
  readonly frames: number | undefined;
  readonly audio: string | undefined;
}

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
 * Reads the properties of a video; sizes are upright, as displayed.
 *
 * @param source a path, or an HTTP(S) or RTSP URL
 * @throws DecantError `not-found` if the file or ffmpeg is missing, `bad-video` if it is not a video, `io` if it is a pipe,
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
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<VideoInfo> {
  checkArgument(source, 'the source', aText);
  checkOptions(options, { signal: abortSignal });
  const { signal } = options;
  if (isPipe(source)) {
    throw new DecantError('io', `'${source}' is a pipe, which can be read only once`, {
      remedy: 'Read its frames with readVideo, or write its contents to a file.',
    });
  }
  const { ffprobe } = findFfmpeg();
  const probing = ['-loglevel', 'level+error', '-of', 'json', '-show_streams', '-show_format', ...inputOptions(source)];
  const child = new FfmpegProcess(ffprobe, probing);
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

export function badVideo(source: string, message = 'ffmpeg reported no reason'): DecantError {
  const prefix = `${source}: `;
  const reason = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return new DecantError('bad-video', `${source} cannot be read as a video: ${reason}`);
}

function infoOf(source: string, { streams = [], format = {} }: Probed): VideoInfo {
  const video = streams.find(
    ({ codec_type: type, disposition }) => type === 'video' && disposition?.attached_pic !== 1,
  );
  if (video === undefined) {
    throw new DecantError('bad-video', `${source} is not a video: it has no video stream`);
  }
  const { width = 0, height = 0, tags, side_data_list: sideData = [] } = video;
  const rotation = sideData.find(data => data.rotation !== undefined)?.rotation ?? Number(tags?.rotate ?? 0);
  const isRotated = Math.abs(rotation) % 180 === 90;
  const aspect = (video.sample_aspect_ratio ?? '1:1').split(':');
  const frameRate = ratio(video.avg_frame_rate) ?? ratio(video.r_frame_rate) ?? 25;
  const duration = positive(video.duration) ?? positive(format.duration);
  return {
    source,
    width: isRotated ? height : width,
    height: isRotated ? width : height,
    frameRate,
    timescale: positive(video.time_base?.split('/')[1]) ?? DEFAULT_TIMESCALE,
    pixelAspect: aspect.includes('0') ? '1:1' : (isRotated ? aspect.reverse() : aspect).join(':'),
    duration,
    frames: positive(video.nb_frames) ?? (duration && Math.round(duration * frameRate)),
    audio: streams.find(({ codec_type: type }) => type === 'audio')?.codec_name,
  };
}

/** Ticks per second. Frames of all usual rates, including 24000/1001 and 30000/1001, last a whole number of ticks. */
export const DEFAULT_TIMESCALE = 120_000;

function ratio(text = ''): number | undefined {
  const [numerator, denominator] = text.split('/').map(Number);
  return positive(numerator! / denominator!);
}

function positive(value: string | number | undefined): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
