import type { Detector } from '../../api/detector.ts';
import type { DetectOptions } from '../../api/detector-options.ts';
import { asDecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { mapAhead } from '../../pipeline/map-ahead.ts';
import { probeVideo, type VideoInfo } from '../../video/probe-video.ts';
import { readVideo, type VideoFrame } from '../../video/read-video.ts';
import { isLive } from '../../video/video-source.ts';
import type { Region } from '../../track/regions.ts';
import { LOW_THRESHOLD } from '../../track/tracker.ts';
import { finishOnInterrupt } from '../interrupt.ts';
import type { DetectOutput, FrameSink, OpenedVideo } from './detect-output.ts';
import type { DetectEvent } from './events.ts';
import { trackFrames, type TrackedResult } from './track-frames.ts';
import { VideoCount } from './video-count.ts';

export interface DetectVideoOptions {
  /** Processes frames 1, 1 + n, 1 + 2n, ... */
  readonly every: number;
  readonly maxFrames: number;
  /** Lines and zones to count at; undefined without tracking. */
  readonly regions: readonly Region[] | undefined;
  readonly outputs: readonly DetectOutput[];
  /** Aborted by Ctrl-C while a live source runs. */
  readonly stop: AbortController;
}

/** Frames sent to outputs at once: one is drawn on while the next one waits for its canvas. */
const SAVING = 2;

export async function* detectVideo(
  input: Input,
  detector: Detector,
  detectOptions: DetectOptions,
  options: DetectVideoOptions,
): AsyncGenerator<DetectEvent, void, undefined> {
  const { stop, maxFrames, outputs } = options;
  const release = isLive(input.name) ? finishOnInterrupt(() => stop.abort()) : undefined;
  const sinks: FrameSink[] = [];
  try {
    const info = isLive(input.name) ? undefined : await probeVideo(input.name);
    const frames = info?.frames && Math.min(info.frames, maxFrames);
    await openSinks(sinks, outputs, { input, info, maxFrames });
    const count = new VideoCount();
    for await (const { frame, result, writes, saved } of processFrames(
      input,
      info,
      detector,
      detectOptions,
      sinks,
      options,
    )) {
      for (const write of writes) await write();
      count.add(result);
      if (result === undefined) continue;
      const record = { file: input.name, frame: frame.index + 1, time: frame.time, ...result };
      yield { type: 'result', input, last: false, saved, record, frames };
    }
    const saved: string[] = [];
    if (count.frames > 0) for (const sink of sinks) saved.push(...(await sink.finish()));
    yield { type: 'video', input, last: true, saved, summary: count.summary() };
  } catch (thrown) {
    yield { type: 'error', input, last: true, saved: [], error: asDecantError(thrown) };
  } finally {
    release?.();
    for (const sink of sinks) await sink.close();
  }
}

/** Adds to `sinks`, so that those open are closed if the next one fails. */
async function openSinks(sinks: FrameSink[], outputs: readonly DetectOutput[], video: OpenedVideo): Promise<void> {
  for (const output of outputs) {
    const sink = await output.openVideo?.(video);
    if (sink !== undefined) sinks.push(sink);
  }
}

interface DetectedFrame {
  readonly frame: VideoFrame;
  readonly result: TrackedResult | undefined;
}

interface ProcessedFrame extends DetectedFrame {
  readonly writes: readonly (() => Promise<void>)[];
  readonly saved: readonly string[];
}

function processFrames(
  input: Input,
  info: VideoInfo | undefined,
  detector: Detector,
  detectOptions: DetectOptions,
  sinks: readonly FrameSink[],
  { every, maxFrames, regions, outputs, stop }: DetectVideoOptions,
): AsyncGenerator<ProcessedFrame, void, undefined> {
  const { threshold = 0 } = detectOptions;
  const lowest = regions === undefined ? threshold : Math.min(threshold, LOW_THRESHOLD);
  const frames = readVideo(input.name, { info, maxFrames, until: stop.signal });
  const detect = async (frame: VideoFrame, signal: AbortSignal): Promise<DetectedFrame> => ({
    frame,
    result:
      frame.index % every === 0
        ? await detector.detect(frame.image, { ...detectOptions, threshold: lowest, signal })
        : undefined,
  });
  const save = async ({ frame, result }: DetectedFrame): Promise<ProcessedFrame> => {
    const writes = await Promise.all(sinks.map(sink => sink.add(frame, result)));
    const saved: string[] = [];
    if (result !== undefined) {
      for (const output of outputs)
        saved.push(...((await output.save?.({ input, frame: frame.index + 1 }, result)) ?? []));
    }
    return { frame, result, writes, saved };
  };
  const detected = mapAhead(frames, detect, { concurrency: 2 * detector.requests + 1 });
  const tracked =
    regions === undefined ? detected : inOrder(detected, trackFrames(info, { regions, threshold, every }));
  return mapAhead(tracked, save, { concurrency: SAVING });
}

async function* inOrder(
  frames: AsyncIterable<DetectedFrame>,
  track: ReturnType<typeof trackFrames>,
): AsyncGenerator<DetectedFrame, void, undefined> {
  for await (const { frame, result } of frames) yield { frame, result: result && track(result) };
}
