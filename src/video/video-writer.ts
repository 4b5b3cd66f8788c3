import { closeSync, openSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Image, Size } from '../image/image.ts';
import { asDecantError, DecantError } from '../errors.ts';
import { guardFile } from '../platform/exit-cleanup.ts';
import { placeBeside, writeError } from '../platform/write-files.ts';
import { encodeOptions, type EncodeOptions } from './encode-options.ts';
import { type FfmpegFeatures, ffmpegFeatures } from './ffmpeg-features.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { matroskaFrame, matroskaHead, STEPS_PER_SECOND } from './raw-matroska.ts';
import { DEFAULT_TIMESCALE } from './probe-video.ts';
import { videoFormatOf } from './video-format.ts';

/** What a video is written with. */
export interface VideoWriterOptions extends EncodeOptions {
  /** Frames a second, for those that are written without their times; that of `like`, or 25, by default. */
  readonly frameRate?: number | undefined;
}

/**
 * Writes a video frame by frame, with H.264 in `.mp4`, `.m4v`, `.mov` and `.mkv` (MPEG-4 where ffmpeg lacks the encoder),
 * VP9 in `.webm`. It is written beside its place, and moves there by `finish()`; `discard()` it otherwise, or declare it
 * with `await using`. A frame of odd width or height gets one more column or row, as these codecs need it.
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
  readonly #part: string;
  readonly #release: () => void;
  #encoder: FfmpegProcess | undefined;
  #size: Size | undefined;
  #start = 0;
  /** Of the next frame: none is shown at the time of the one before it. */
  #earliest = 0;
  #frames = 0;

  private constructor(
    path: string,
    part: string,
    ffmpeg: string,
    features: FfmpegFeatures,
    options: VideoWriterOptions,
  ) {
    this.path = path;
    this.#part = part;
    this.#release = guardFile(part);
    this.#ffmpeg = ffmpeg;
    this.#features = features;
    this.#options = options;
  }

  /**
   * A writer of the file at `path`; its ending says the format. Folders that are missing are made.
   *
   * @throws DecantError `invalid-argument` for an ending of no format, `not-found` without ffmpeg, `unsupported` for an
   *   ffmpeg that cannot write the format, `io`
   */
  static async create(path: string, options: VideoWriterOptions = {}): Promise<VideoWriter> {
    videoFormatOf(path);
    const { ffmpeg } = findFfmpeg();
    const features = await ffmpegFeatures(ffmpeg);
    encodeOptions(path, path, { width: 1, height: 1 }, 0, features, options);
    try {
      const part = await placeBeside(path);
      // Made on the spot, so that a place that cannot be written to shows before the work is done for it.
      closeSync(openSync(part, 'wx'));
      return new VideoWriter(path, part, ffmpeg, features, options);
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  /**
   * Adds a frame, and waits until there is room for the next one. All frames have the size of the first.
   *
   * @param time seconds from the start, later than that of the frame before; by default frames come evenly
   * @throws DecantError `invalid-argument` for a frame of another size, `io` when the file cannot be written
   */
  async write(image: Image, time?: number): Promise<void> {
    const { like, frameRate = like?.frameRate ?? 25 } = this.#options;
    const at = time ?? this.#start + this.#frames / frameRate;
    this.#size ??= image;
    if (image.width !== this.#size.width || image.height !== this.#size.height) {
      const sizes = `${image.width}x${image.height} among those of ${this.#size.width}x${this.#size.height}`;
      throw new DecantError('invalid-argument', `${this.path} has frames of one size, and there is one of ${sizes}`);
    }
    this.#encoder ??= await this.#begin(image, at, frameRate);
    const step = Math.max(this.#earliest, Math.round((at - this.#start) * STEPS_PER_SECOND));
    this.#earliest = step + Math.ceil(STEPS_PER_SECOND / (like?.timescale ?? DEFAULT_TIMESCALE));
    this.#frames++;
    await this.#encoder.send(matroskaFrame(image.data.byteLength, step));
    await this.#encoder.send(image.data);
    if (!this.#encoder.running) throw await this.#failure(this.#encoder);
  }

  async #begin(size: Size, start: number, frameRate: number): Promise<FfmpegProcess> {
    this.#start = start;
    const options = encodeOptions(this.path, this.#part, size, start, this.#features, this.#options);
    const encoder = new FfmpegProcess(this.#ffmpeg, options, { input: true });
    await encoder.send(matroskaHead(size, frameRate));
    return encoder;
  }

  async #failure(encoder: FfmpegProcess): Promise<DecantError> {
    await encoder.ended;
    await this.discard();
    const reason = encoder.lastError?.replaceAll(this.#part, this.path) ?? 'ffmpeg does not say why';
    if (reason.includes('No space left on device')) return asDecantError(writeError(this.path, full(reason)));
    return new DecantError('io', `cannot write '${this.path}': ${reason}`);
  }

  /**
   * Writes what is left, and moves the file to its place.
   *
   * @throws DecantError `invalid-argument` without any frame, `io`; what stood there before still stands there then
   */
  async finish(): Promise<void> {
    const encoder = this.#encoder;
    if (encoder === undefined) {
      throw new DecantError('invalid-argument', `${this.path} would be a video without frames`);
    }
    encoder.endInput();
    if ((await encoder.ended) !== 0) throw await this.#failure(encoder);
    try {
      await rename(this.#part, this.path);
      this.#release();
    } catch (thrown) {
      await this.discard();
      throw writeError(this.path, thrown);
    }
  }

  /** Takes away what was written so far; a file that is finished stays. */
  async discard(): Promise<void> {
    await this.#encoder?.close();
    await rm(this.#part, { force: true });
    this.#release();
  }

  /** The same as `discard`, for `await using`: nothing, once it is finished. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}

/** What the file system would throw. */
const full = (reason: string): Error => Object.assign(new Error(reason), { code: 'ENOSPC' });
