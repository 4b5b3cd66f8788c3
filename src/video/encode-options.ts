import type { Size } from '../image/image.ts';
import type { FfmpegFeatures } from './ffmpeg-features.ts';
import { DEFAULT_TIMESCALE, type VideoInfo } from './probe-video.ts';
import { encoderOptions, videoFormatOf } from './video-format.ts';
import { inputOptions } from './video-source.ts';

export interface EncodeOptions {
  /** A video whose times, pixel shape and sound the new one has. The sound is copied where the format has room for it. */
  readonly like?: VideoInfo | undefined;
  /** Where the sound of `like` ends, in seconds; with the sound itself by default. */
  readonly seconds?: number | undefined;
}

/**
 * The options with which ffmpeg writes frames of `size` to `file`, in the format of `path`: Matroska of raw pixels comes
 * from its standard input, and its first frame is shown at `start` seconds.
 *
 * @throws DecantError `unsupported` for an ffmpeg that lacks the encoder, `not-found` for a `like` that is gone
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
  const sound = like?.audio;
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'level+warning', '-y'],
    ...['-itsoffset', start.toFixed(6), '-f', 'matroska', '-i', 'pipe:0'],
    ...(sound === undefined
      ? []
      : [...(seconds === undefined ? [] : ['-t', seconds.toFixed(6)]), ...inputOptions(like!.source)]),
    ...['-map', '0:v:0', ...(sound === undefined ? [] : ['-map', '1:a:0'])],
    ...(sound !== undefined && audio.test(sound) ? ['-c:a', 'copy'] : []),
    ...['-vf', filters(size, like?.pixelAspect)],
    ...encoderOptions(path, encoders, like?.timescale ?? DEFAULT_TIMESCALE),
    ...COLORS,
    ...passthrough,
    ...['-pix_fmt', 'yuv420p', ...muxerOptions, '-f', muxer, file],
  ];
}

/** What players take large videos for that say nothing; said, small ones are shown the same way. */
const COLORS = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];

function filters({ width, height }: Size, pixelAspect = '1:1'): string {
  const [right, bottom] = [width % 2, height % 2];
  return [
    // Colours of two by two pixels are one in the codecs: an odd edge is repeated once.
    ...(right + bottom === 0
      ? []
      : ['format=gbrp', `pad=iw+${right}:ih+${bottom}`, `fillborders=right=${right}:bottom=${bottom}:mode=smear`]),
    'scale=out_color_matrix=bt709:out_range=tv',
    'format=yuv420p',
    `setsar=${pixelAspect.replace(':', '/')}`,
  ].join(',');
}
