import type { Readable } from 'node:stream';
import type { Image, Size } from '../image/image.ts';
import { abortSignal, checkArgument, checkOptions, number, object, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { openPipe } from '../platform/read-pipe.ts';
import { ffmpegFeatures } from './ffmpeg-features.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { FrameTimestamps } from './frame-timestamps.ts';
import { badVideo, probeVideo, type VideoInfo } from './probe-video.ts';
import { inputOptions, isLive, isPipe } from './video-source.ts';

/** A frame of a video, upright: `index` counts from 0, `time` is in seconds from the start of the video. */
export interface VideoFrame {
  readonly index: number;
  readonly time: number;
  readonly image: Image;
}

/** Options of `readVideo`. */
export interface ReadVideoOptions {
  /** Result of `probeVideo`; probed by default, except for cameras, RTSP streams and pipes. */
  readonly info?: VideoInfo | undefined;
  readonly maxFrames?: number | undefined;
  /** Cancels reading: throws `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Ends reading as if the video ended there; useful for cameras. */
  readonly until?: AbortSignal | undefined;
}

/** More than any camera records; guards against decompression bombs. */
const MAX_PIXELS = 2 ** 26;

/**
 * Yields each frame of a video once, in order and upright. ffmpeg decodes only a few frames ahead, so memory is bounded with a
 * slow consumer.
 *
 * @param source a path, also of a named pipe, an HTTP(S) or RTSP URL, `camera:0` or `/dev/video0`
 * @throws DecantError `not-found` if the file, the camera or ffmpeg is missing, `bad-video` if it is not a video, or after the
 *   last frame if it is truncated, `limit` if frames are too large, `io` for a pipe to which no program writes,
 *   `cancelled`
 *
 * @example
 * ```ts
 * import { Detector, readVideo } from 'decant';
 *
 * using detector = await Detector.load('centernet.json');
 * for await (const { image } of readVideo('clip.mp4')) {
 *   const { detections } = await detector.detect(image, { threshold: 0.3 });
 *   console.log(detections.length);
 * }
 * ```
 */
export async function* readVideo(
  source: string,
  options: ReadVideoOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  checkArgument(source, 'the source', text);
  checkOptions(options, { info: object, maxFrames: number, signal: abortSignal, until: abortSignal });
  const { info, maxFrames = Infinity, signal, until } = options;
  const { ffmpeg } = findFfmpeg();
  const { frames } = info ?? (isLive(source) ? { frames: undefined } : await probeVideo(source, { signal }));
  const { passthrough } = await ffmpegFeatures(ffmpeg);
  const timestamps = new FrameTimestamps();
  const decoding = decodeOptions(source, maxFrames, passthrough);
  const decoder = new FfmpegProcess(ffmpeg, decoding, {
    onMessage: text => timestamps.read(text),
    input: isPipe(source) && openPipe(source),
  });
  void decoder.ended.then(() => timestamps.end());
  const stop = AbortSignal.any([signal, until].filter(each => each !== undefined));
  const kill = (): void => decoder.kill();
  if (stop.aborted) kill();
  stop.addEventListener('abort', kill);
  try {
    const pixels = new BlockReader(decoder.output);
    let index = 0;
    let size: Size | undefined;
    for (; index < maxFrames && !stop.aborted; index++) {
      const next = await timestamps.next();
      if (next === undefined) break;
      // ffmpeg scales all frames to the size of the first.
      size ??= checkSize(source, next);
      const data = await pixels.read(3 * size.width * size.height);
      if (data === undefined) break;
      const name = `${source} frame ${index + 1}`;
      yield { index, time: next.time, image: { width: size.width, height: size.height, data, name } };
    }
    if (signal?.aborted === true) throw new DecantError('cancelled', `reading ${source} was cancelled`);
    if (until?.aborted === true || index >= maxFrames) return;
    if ((await decoder.ended) !== 0 || index === 0) throw badVideo(source, decoder.lastError);
    // Like players, ignores errors in the middle, but not missing frames at the end.
    if (decoder.lastError !== undefined && index < (frames ?? 0) - 1) {
      throw truncated(source, index, frames, decoder.lastError);
    }
  } finally {
    stop.removeEventListener('abort', kill);
    await decoder.close();
  }
}

const decodeOptions = (source: string, maxFrames: number, passthrough: readonly string[]): readonly string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'],
  ...inputOptions(source),
  // The first video stream that is not cover art.
  ...['-map', '0:V:0'],
  ...(Number.isFinite(maxFrames) ? ['-frames:v', String(maxFrames)] : []),
  ...['-vf', 'showinfo=checksum=0', ...passthrough],
  ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
];

function checkSize(source: string, { width, height }: Size): Size {
  if (width * height <= MAX_PIXELS) return { width, height };
  throw new DecantError('limit', `${source} has frames of ${width}x${height} pixels, the maximum is ${MAX_PIXELS}`, {
    remedy: 'Scale it down.',
  });
}

const truncated = (source: string, index: number, frames: number | undefined, reason: string): DecantError =>
  new DecantError(
    'bad-video',
    `${source} is corrupt or truncated after ${index} of ${frames ?? '?'} frames: ${reason}`,
  );

class BlockReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: Readable) {
    this.#chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  async read(length: number): Promise<Uint8Array | undefined> {
    const block = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return undefined;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, length - filled);
      block.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return block;
  }
}
