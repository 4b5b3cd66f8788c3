import type { DetectionResult } from '../../api/detection-result.ts';
import type { Detector } from '../../api/detector.ts';
import type { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import type { Labels } from '../../labels/labels.ts';
import type { DatasetIds, ResultFormat } from '../../results/result-writer.ts';
import type { Region } from '../../track/regions.ts';
import type { VideoInfo } from '../../video/probe-video.ts';
import type { VideoFrame } from '../../video/read-video.ts';
import type { DetectCommandOptions } from './detect-command-options.ts';
import type { ResultEvent, VideoEvent } from './events.ts';
import type { ResultsLog } from './results-log.ts';
import type { InputPart, TargetPath } from './target-paths.ts';
import type { TrackedResult } from './track-frames.ts';

type MaybePromise = Promise<void> | void;

/**
 * A consumer of what `decant detect` finds. All methods are optional and awaited, so a slow output slows down detection.
 * Except for `save` and `openVideo`, they are called one at a time, for each output in the order of the list.
 */
export interface DetectOutput {
  /**
   * Called once, before the first input. With `--resume`, the inputs in `request.finished` are not processed again: an
   * output that covers all inputs writes their results here, from `request.log`.
   */
  start?(): MaybePromise;
  /**
   * Writes files about an image or frame and returns their paths. Runs for several images at once, before their `result`.
   * If it fails, the image counts as failed; for a frame, the video ends.
   */
  save?(image: InputPart, result: DetectionResult): Promise<readonly string[]>;
  /** Opens a sink for all frames of a video. The video ends if this fails, or the sink does later. */
  openVideo?(video: OpenedVideo): Promise<FrameSink>;
  /** Takes detections in input order. If it fails, the image counts as failed and later outputs are skipped. */
  result?(event: ResultEvent): MaybePromise;
  /** Called after the last frame. `saved` are the files written about the video, the annotated video first. */
  video?(event: VideoEvent, saved: readonly string[]): MaybePromise;
  error?(input: Input, error: DecantError): MaybePromise;
  /** Called after the last image or frame of an input, whether it succeeded or failed. */
  inputDone?(input: Input, outcome: InputOutcome): MaybePromise;
  /** Prints a closing summary, before any output finishes. Not called if the command fails. */
  summarize?(): MaybePromise;
  /** Called even if some of several inputs failed, but not if the command fails. */
  finish?(): MaybePromise;
  /** Called if the command fails after `start`, in place of the methods that were still to come. */
  abort?(error: DecantError): MaybePromise;
}

export interface InputOutcome {
  readonly complete: boolean;
  readonly saved: readonly string[];
}

export interface OpenedVideo {
  readonly input: Input;
  /** Undefined for a live source. */
  readonly info: VideoInfo | undefined;
  readonly maxFrames: number;
}

export interface FrameSink {
  /**
   * Starts work on a frame, for several frames at once; calls start in order. The returned function completes the
   * frame, and is called in order.
   *
   * @param result undefined for a skipped frame
   */
  add(frame: VideoFrame, result: TrackedResult | undefined): Promise<() => Promise<void>>;
  /** Returns the paths of the written files. Not called for a video without frames. */
  finish(): Promise<readonly string[]>;
  /** Always called last; removes unfinished files. */
  close(): Promise<void>;
}

export interface DetectRequest {
  readonly model: string;
  readonly options: DetectCommandOptions;
  readonly inputs: readonly Input[];
  /** Inputs that an interrupted run finished. */
  readonly finished: readonly Input[];
  readonly remaining: readonly Input[];
  readonly targetPath: TargetPath;
  /** Lines and zones to count at in videos; undefined without tracking. */
  readonly regions: readonly Region[] | undefined;
  /** Undefined if no machine-readable results are requested. */
  readonly format: ResultFormat | undefined;
  readonly dataset: DatasetIds | undefined;
  readonly log: ResultsLog | undefined;
}

export interface DetectRun extends DetectRequest {
  readonly detector: Detector;
  /** May be AUTO; `detector.device` is the device that executes. */
  readonly requestedDevice: string;
  readonly labels: Labels;
}

/** Opens an output with the loaded model, before the first input; may create temporary files. */
export type OpenOutput = (run: DetectRun) => DetectOutput | Promise<DetectOutput>;

/**
 * Checks the options of an output before the model is loaded, and writes nothing. Returns undefined if the output is
 * not requested, otherwise the function that opens it: invalid options are rejected before the slow load, while an
 * output may need the model.
 *
 * @throws DecantError `invalid-argument` if options contradict each other or the inputs
 */
export type PlanOutput = (request: DetectRequest) => OpenOutput | undefined | Promise<OpenOutput | undefined>;
