import { extname } from 'node:path';
import { DecantError } from '../errors.ts';

interface VideoFormat {
  readonly muxer: string;
  readonly muxerOptions: readonly string[];
  readonly encoders: readonly string[];
  /** Audio codecs that can be copied; others are re-encoded. */
  readonly audio: RegExp;
}

const H264 = ['libx264', 'mpeg4'];
/** Moves the index to the front, so that browsers can play during download. */
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

export function videoFormatOf(path: string): VideoFormat {
  const ending = extname(path).toLowerCase();
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format !== undefined) return format;
  throw new DecantError('invalid-argument', `${path} does not end in the extension of a writable video format`, {
    remedy: 'Use .mp4, .mkv, .mov or .webm.',
  });
}

/** Options per encoder: visually near lossless, and fast enough to leave the CPU to the detector. */
const QUALITY: Readonly<Record<string, readonly string[]>> = {
  libx264: ['-preset', 'veryfast', '-crf', '20'],
  mpeg4: ['-q:v', '3'],
  'libvpx-vp9': ['-deadline', 'realtime', '-cpu-used', '6', '-row-mt', '1', '-b:v', '0', '-crf', '30'],
  libvpx: ['-deadline', 'realtime', '-cpu-used', '6', '-b:v', '8M', '-crf', '12'],
};

const MPEG4_TIMESCALE = 60_000;

export function encoderOptions(path: string, encoders: ReadonlySet<string>, timescale: number): readonly string[] {
  const supported = videoFormatOf(path).encoders;
  const encoder = supported.find(name => encoders.has(name));
  if (encoder === undefined) {
    throw new DecantError(
      'unsupported',
      `${path} cannot be written: ffmpeg lacks the encoder ${supported.join(' or ')}`,
      {
        remedy: 'Use another format, or set DECANT_FFMPEG to an ffmpeg with that encoder.',
      },
    );
  }
  const ticks = encoder === 'mpeg4' ? Math.min(timescale, MPEG4_TIMESCALE) : timescale;
  return ['-c:v', encoder, ...QUALITY[encoder]!, '-enc_time_base', `1:${ticks}`];
}
