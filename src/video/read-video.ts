import type { Readable } from 'node:stream';
import type { Image, Size } from '../image/image.ts';
import { DecantError } from '../errors.ts';
import { ffmpegFeatures } from './ffmpeg-features.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { FrameFacts } from './frame-facts.ts';
import { badVideo, probeVideo, type VideoInfo } from './probe-video.ts';
import { inputOptions, isLive } from './video-source.ts';

/** A frame of a video. */
export interface VideoFrame {
  /** From 0. */
  readonly index: number;
  /** Seconds from the video's start. */
  readonly time: number;
  /** The pixels, upright: R, G, B, each 0..255. */
  readonly image: Image;
}

/** How much of a video is read. */
export interface ReadVideoOptions {
  /** What `probeVideo` told of it; asked for by default, but for cameras and their streams. */
  readonly info?: VideoInfo | undefined;
  /** The number of frames to end after. */
  readonly maxFrames?: number | undefined;
  /** Ends the reading, which throws then. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the reading as if the video ended there: what a camera needs. */
  readonly until?: AbortSignal | undefined;
}

/** Far more than any camera records, so that a small file cannot claim more memory. */
const MAX_PIXELS = 2 ** 26;

/**
 * The frames of a video, each of them once, in order and as they are shown. ffmpeg decodes it meanwhile, some frames ahead
 * and no further: memory does not grow when frames are taken slowly.
 *
 * @param source a path; an `http`, `https` or `rtsp` URL; `camera:0` or `/dev/video0`
 * @throws DecantError `not-found` for a file or camera that is not there, or without ffmpeg; `bad-video` for what is no
 *   video, and behind the last frame of one that is cut off; `limit` for absurd sizes; `cancelled`
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
  { info, maxFrames = Infinity, signal, until }: ReadVideoOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  const { ffmpeg } = findFfmpeg();
  const { frames } = info ?? (isLive(source) ? { frames: undefined } : await probeVideo(source, { signal }));
  const { passthrough } = await ffmpegFeatures(ffmpeg);
  const facts = new FrameFacts();
  const options = decodeOptions(source, maxFrames, passthrough);
  const decoder = new FfmpegProcess(ffmpeg, options, { onMessage: text => facts.read(text) });
  void decoder.ended.then(() => facts.end());
  const stop = AbortSignal.any([signal, until].filter(one => one !== undefined));
  const kill = (): void => decoder.kill();
  if (stop.aborted) kill();
  stop.addEventListener('abort', kill);
  try {
    const pixels = new Blocks(decoder.output);
    let [index, size]: [number, Size | undefined] = [0, undefined];
    for (; index < maxFrames && !stop.aborted; index++) {
      const next = await facts.next();
      if (next === undefined) break;
      // ffmpeg brings all frames to the size of the first.
      size ??= checkedSize(source, next);
      const data = await pixels.take(3 * size.width * size.height);
      if (data === undefined) break;
      const name = `${source} frame ${index + 1}`;
      yield { index, time: next.time, image: { width: size.width, height: size.height, data, name } };
    }
    if (signal?.aborted === true) throw new DecantError('cancelled', `reading ${source} was cancelled`);
    if (until?.aborted === true || index >= maxFrames) return;
    if ((await decoder.ended) !== 0 || index === 0) throw badVideo(source, decoder.lastError);
    // Players pass over errors in the middle; what is missing at the end is told.
    if (decoder.lastError !== undefined && index < (frames ?? 0) - 1)
      throw cutOff(source, index, frames, decoder.lastError);
  } finally {
    stop.removeEventListener('abort', kill);
    await decoder.close();
  }
}

const decodeOptions = (source: string, maxFrames: number, passthrough: readonly string[]): readonly string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'],
  ...inputOptions(source),
  // Moving pictures, and not the cover of an album.
  ...['-map', '0:V:0'],
  ...(Number.isFinite(maxFrames) ? ['-frames:v', String(maxFrames)] : []),
  ...['-vf', 'showinfo=checksum=0', ...passthrough],
  ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
];

function checkedSize(source: string, { width, height }: Size): Size {
  if (width * height <= MAX_PIXELS) return { width, height };
  throw new DecantError('limit', `${source} has frames of ${width}x${height} pixels, more than ${MAX_PIXELS}`, {
    remedy: 'Scale it down.',
  });
}

const cutOff = (source: string, index: number, frames: number | undefined, reason: string): DecantError =>
  new DecantError(
    'bad-video',
    `${source} is damaged or cut off: ${index} of ${frames ?? '?'} frames can be read: ${reason}`,
  );

/** The bytes of a stream, cut anew. */
class Blocks {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: Readable) {
    this.#chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or undefined where fewer are left. */
  async take(length: number): Promise<Uint8Array | undefined> {
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
