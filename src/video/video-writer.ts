import { checkArgument, checkOptions, number, object, optional, text } from '../check.ts';
import { IMAGE } from '../image/check-image.ts';
import type { Image, Size } from '../image/image.ts';
import { asDecantError, DecantError } from '../errors.ts';
import { PendingFile } from '../platform/pending-file.ts';
import { writeError } from '../platform/write-files.ts';
import { encodeOptions, type EncodeOptions } from './encode-options.ts';
import { type FfmpegFeatures, ffmpegFeatures } from './ffmpeg-features.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { matroskaFrame, matroskaHead, TICKS_PER_SECOND } from './raw-matroska.ts';
import { DEFAULT_TIMESCALE } from './probe-video.ts';
import { videoFormatOf } from './video-format.ts';

/** Options of `VideoWriter.create`. */
export interface VideoWriterOptions extends EncodeOptions {
  /** Frames per second, for frames written without a time; by default that of `like`, or 25. */
  readonly frameRate?: number | undefined;
}

/**
 * Writes a video frame by frame: H.264 in `.mp4`, `.m4v`, `.mov` and `.mkv` (MPEG-4 if ffmpeg lacks the encoder), VP9 in
 * `.webm`. The file appears at its path with `finish()`; otherwise call `discard()`, or declare the writer with `await using`.
 * Odd widths and heights are padded by one pixel, as these codecs require.
 *
 * @example
 * ```ts
 * import { readVideo, VideoWriter } from 'decant';
 *
 * await using writer = await VideoWriter.create('copy.mp4', { frameRate: 30 });
 * for await (const { image, time } of readVideo('clip.mp4')) await writer.write(image, time);
 * await writer.finish();
 * ```
 */
export class VideoWriter implements AsyncDisposable {
  readonly path: string;
  readonly #ffmpeg: string;
  readonly #features: FfmpegFeatures;
  readonly #options: VideoWriterOptions;
  readonly #pending: PendingFile;
  #encoder: FfmpegProcess | undefined;
  #size: Size | undefined;
  #start = 0;
  /** Minimum timestamp of the next frame, in ticks: frames must not share one. */
  #earliest = 0;
  #frames = 0;

  private constructor(
    path: string,
    pending: PendingFile,
    ffmpeg: string,
    features: FfmpegFeatures,
    options: VideoWriterOptions,
  ) {
    this.path = path;
    this.#pending = pending;
    this.#ffmpeg = ffmpeg;
    this.#features = features;
    this.#options = options;
  }

  /**
   * Creates a writer for the file at `path`, in the format of its extension. Creates missing folders.
   *
   * @throws DecantError `invalid-argument` if the extension is not supported, `not-found` without ffmpeg, `unsupported` if
   *   ffmpeg lacks the encoder, `io`
   */
  static async create(path: string, options: VideoWriterOptions = {}): Promise<VideoWriter> {
    checkArgument(path, 'the path', text);
    checkOptions(options, { like: object, seconds: number, frameRate: number });
    videoFormatOf(path);
    const { ffmpeg } = findFfmpeg();
    const features = await ffmpegFeatures(ffmpeg);
    encodeOptions(path, path, { width: 1, height: 1 }, 0, features, options);
    try {
      return new VideoWriter(path, await PendingFile.create(path), ffmpeg, features, options);
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  /**
   * Adds a frame, and waits until there is room for the next one. All frames must have the size of the first.
   *
   * @param time seconds from the start, ascending; by default frames are evenly spaced
   * @throws DecantError `invalid-argument` if the size differs, `io` if the file cannot be written
   */
  async write(image: Image, time?: number): Promise<void> {
    checkArgument(image, 'the image', IMAGE);
    checkArgument(time, 'the time', optional(number));
    const { like, frameRate = like?.frameRate ?? 25 } = this.#options;
    const at = time ?? this.#start + this.#frames / frameRate;
    this.#size ??= image;
    if (image.width !== this.#size.width || image.height !== this.#size.height) {
      const sizes = `got ${image.width}x${image.height} after ${this.#size.width}x${this.#size.height}`;
      throw new DecantError('invalid-argument', `all frames of ${this.path} must have the same size, ${sizes}`);
    }
    this.#encoder ??= await this.#begin(image, at, frameRate);
    const timestamp = Math.max(this.#earliest, Math.round((at - this.#start) * TICKS_PER_SECOND));
    this.#earliest = timestamp + Math.ceil(TICKS_PER_SECOND / (like?.timescale ?? DEFAULT_TIMESCALE));
    this.#frames++;
    await this.#encoder.send(matroskaFrame(image.data.byteLength, timestamp));
    await this.#encoder.send(image.data);
    if (!this.#encoder.running) throw await this.#failure(this.#encoder);
  }

  async #begin(size: Size, start: number, frameRate: number): Promise<FfmpegProcess> {
    this.#start = start;
    const options = encodeOptions(this.path, this.#pending.part, size, start, this.#features, this.#options);
    const encoder = new FfmpegProcess(this.#ffmpeg, options, { input: true });
    await encoder.send(matroskaHead(size, frameRate));
    return encoder;
  }

  async #failure(encoder: FfmpegProcess): Promise<DecantError> {
    await encoder.ended;
    await this.discard();
    const reason = encoder.lastError?.replaceAll(this.#pending.part, this.path) ?? 'ffmpeg reported no reason';
    if (reason.includes('No space left on device')) return asDecantError(writeError(this.path, diskFull(reason)));
    return new DecantError('io', `cannot write '${this.path}': ${reason}`);
  }

  /**
   * Completes the file and moves it to its path.
   *
   * @throws DecantError `invalid-argument` without any frame, `io`; an existing file at the path is then kept
   */
  async finish(): Promise<void> {
    const encoder = this.#encoder;
    if (encoder === undefined) {
      throw new DecantError('invalid-argument', `${this.path} has no frames`);
    }
    encoder.endInput();
    if ((await encoder.ended) !== 0) throw await this.#failure(encoder);
    try {
      await this.#pending.place();
    } catch (thrown) {
      await this.discard();
      throw writeError(this.path, thrown);
    }
  }

  /** Deletes an unfinished file. */
  async discard(): Promise<void> {
    await this.#encoder?.close();
    await this.#pending.discard();
  }

  /** Calls `discard`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}

const diskFull = (reason: string): Error => Object.assign(new Error(reason), { code: 'ENOSPC' });
