import { extname } from 'node:path';
import { DecantError } from '../errors.ts';

/** How a video is written whose name has a certain ending. */
interface VideoFormat {
  /** ffmpeg's name of the container. */
  readonly muxer: string;
  readonly muxerOptions: readonly string[];
  /** Encoders that make pictures for it, the best first. */
  readonly encoders: readonly string[];
  /** Codecs of sound that it has room for; others are encoded anew. */
  readonly audio: RegExp;
}

const H264 = ['libx264', 'mpeg4'];
/** The index is moved to the front, so that a browser can begin before it has all. */
const FAST_START = ['-movflags', '+faststart'];
const MP4_AUDIO = /^(?:aac|mp3|ac3|eac3|alac|opus|flac)$/;
const MP4: VideoFormat = { muxer: 'mp4', muxerOptions: FAST_START, encoders: H264, audio: MP4_AUDIO };

const FORMATS: Readonly<Record<string, VideoFormat>> = {
  '.mp4': MP4,
  '.m4v': MP4,
  '.mov': { ...MP4, muxer: 'mov', audio: /^(?:aac|mp3|ac3|eac3|alac|pcm_[su]\w+)$/ },
  '.mkv': { muxer: 'matroska', muxerOptions: [], encoders: H264, audio: /./ },
  '.webm': { muxer: 'webm', muxerOptions: [], encoders: ['libvpx-vp9', 'libvpx'], audio: /^(?:opus|vorbis)$/ },
};

/** The format that a file's ending asks for. @throws DecantError `invalid-argument` for one that cannot be written */
export function videoFormatOf(path: string): VideoFormat {
  const ending = extname(path).toLowerCase();
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format !== undefined) return format;
  throw new DecantError('invalid-argument', `${path} does not say a format that videos can be written in`, {
    remedy: 'End its name in .mp4, .mkv, .mov or .webm.',
  });
}

/** The quality of each encoder: losses that are hard to see, at a speed that leaves the machine to the detector. */
const QUALITY: Readonly<Record<string, readonly string[]>> = {
  libx264: ['-preset', 'veryfast', '-crf', '20'],
  mpeg4: ['-q:v', '3'],
  'libvpx-vp9': ['-deadline', 'realtime', '-cpu-used', '6', '-row-mt', '1', '-b:v', '0', '-crf', '30'],
  libvpx: ['-deadline', 'realtime', '-cpu-used', '6', '-b:v', '8M', '-crf', '12'],
};

/** The finest ticks in which MPEG-4 counts. */
const MPEG4_TIMESCALE = 60_000;

/**
 * The options of the first encoder that an ffmpeg has, for times in so many ticks a second.
 *
 * @throws DecantError `unsupported` for an ffmpeg without one
 */
export function encoderOptions(path: string, encoders: ReadonlySet<string>, timescale: number): readonly string[] {
  const known = videoFormatOf(path).encoders;
  const encoder = known.find(name => encoders.has(name));
  if (encoder === undefined) {
    throw new DecantError('unsupported', `this ffmpeg cannot write ${path}: it has no ${known.join(' and no ')}`, {
      remedy: 'Write another format, or set DECANT_FFMPEG to an ffmpeg that has it.',
    });
  }
  const ticks = encoder === 'mpeg4' ? Math.min(timescale, MPEG4_TIMESCALE) : timescale;
  return ['-c:v', encoder, ...QUALITY[encoder]!, '-enc_time_base', `1:${ticks}`];
}
