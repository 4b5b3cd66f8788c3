import type { Size } from '../image/image.ts';
import type { FfmpegFeatures } from './ffmpeg-features.ts';
import { DEFAULT_TIMESCALE, type VideoInfo } from './probe-video.ts';
import { encoderOptions, videoFormatOf } from './video-format.ts';
import { inputOptions } from './video-source.ts';

export interface EncodeOptions {
  /** Video to take time base, pixel aspect and audio from. Audio is copied if the format supports its codec. */
  readonly like?: VideoInfo | undefined;
  /** Length of the audio in seconds; all of it by default. */
  readonly seconds?: number | undefined;
}

/**
 * Returns the ffmpeg options to encode frames of `size` into `file`, in the format of `path`. Frames arrive on standard input
 * as raw pixels in Matroska; the first one has a timestamp of `start` seconds.
 */
export function encodeOptions(
  path: string,
  file: string,
  size: Size,
  start: number,
  { encoders, passthrough }: FfmpegFeatures,
  { like, seconds }: EncodeOptions,
): readonly string[] {
  const { muxer, muxerOptions, audio } = videoFormatOf(path);
  const audioCodec = like?.audio;
  const audioLength = seconds === undefined ? [] : ['-t', seconds.toFixed(6)];
  const hasAudio = audioCodec !== undefined;
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'level+warning', '-y'],
    ...['-itsoffset', start.toFixed(6), '-f', 'matroska', '-i', 'pipe:0'],
    ...(hasAudio ? [...audioLength, ...inputOptions(like!.source)] : []),
    ...['-map', '0:v:0', ...(hasAudio ? ['-map', '1:a:0'] : [])],
    ...(hasAudio && audio.test(audioCodec) ? ['-c:a', 'copy'] : []),
    ...['-vf', filters(size, like?.pixelAspect)],
    ...encoderOptions(path, encoders, like?.timescale ?? DEFAULT_TIMESCALE),
    ...COLORS,
    ...passthrough,
    ...['-pix_fmt', 'yuv420p', ...muxerOptions, '-f', muxer, file],
  ];
}

/** Players assume these for large videos, but not for small ones, unless they are declared. */
const COLORS = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];

function filters({ width, height }: Size, pixelAspect = '1:1'): string {
  const right = width % 2;
  const bottom = height % 2;
  return [
    // The codecs share colors between 2 x 2 pixels: odd sizes repeat the last column or row.
    ...(right + bottom === 0
      ? []
      : ['format=gbrp', `pad=iw+${right}:ih+${bottom}`, `fillborders=right=${right}:bottom=${bottom}:mode=smear`]),
    'scale=out_color_matrix=bt709:out_range=tv',
    'format=yuv420p',
    `setsar=${pixelAspect.replace(':', '/')}`,
  ].join(',');
}
