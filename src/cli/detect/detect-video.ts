import type { Detection } from '../../detect/detection.ts';
import { annotate } from '../../draw/draw-detections.ts';
import type { Image } from '../../image/image.ts';
import type { DetectionResult, Detector, DetectOptions } from '../../api/detector.ts';
import { asDecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { mapAhead } from '../../pipeline/map-ahead.ts';
import { probeVideo, type VideoInfo } from '../../video/probe-video.ts';
import { readVideo, type VideoFrame } from '../../video/read-video.ts';
import { isLive } from '../../video/video-source.ts';
import { VideoWriter } from '../../video/video-writer.ts';
import { finishOnInterrupt } from '../interrupt.ts';
import type { ImageOutput } from './save-images.ts';
import type { DetectEvent } from './events.ts';
import { isInReport } from './report-sampling.ts';
import { VideoCount } from './video-count.ts';

export interface VideoOptions {
  /** Looks at each frame with a number 1, 1 + n, 1 + 2n, ... */
  readonly every: number;
  /** The number of frames to end after. */
  readonly maxFrames: number | undefined;
  /** Where the video with boxes goes. */
  readonly target: ((input: Input) => string) | undefined;
  /** What else is written about each frame that is looked at. */
  readonly outputs: readonly ImageOutput[];
  /** Aborted by a Ctrl-C while a camera runs. */
  readonly stop: AbortController;
}

/** Frames that are drawn on at once: ink is laid on one while the next one waits for its canvas. */
const DRAWING = 2;

/** Finds objects in the frames of a video and writes it anew with boxes; decoding, inference, drawing and encoding overlap. */
export async function* detectVideo(
  input: Input,
  detector: Detector,
  selection: DetectOptions,
  options: VideoOptions,
): AsyncGenerator<DetectEvent, void, undefined> {
  const { stop, maxFrames = Infinity, target } = options;
  const release = isLive(input.name) ? finishOnInterrupt(() => stop.abort()) : undefined;
  let writer: VideoWriter | undefined;
  try {
    const info = isLive(input.name) ? undefined : await probeVideo(input.name);
    const frames = info?.frames && Math.min(info.frames, maxFrames);
    writer = target && (await VideoWriter.create(target(input), { like: info, seconds: soundEnd(info, maxFrames) }));
    const count = new VideoCount();
    for await (const { frame, result, drawn, saved } of row(input, info, detector, selection, options)) {
      await writer?.write(drawn, frame.time);
      count.add(result);
      if (result === undefined) continue;
      const record = { file: input.name, frame: frame.index + 1, time: frame.time, ...result };
      const shown = isInReport(frame.index, frames, options.every);
      yield { input, last: false, saved, record, frames, shown };
    }
    if (count.frames > 0) await writer?.finish();
    const saved = writer === undefined || count.frames === 0 ? [] : [writer.path];
    yield { input, last: true, saved, summary: count.summary() };
  } catch (thrown) {
    yield { input, last: true, saved: [], error: asDecantError(thrown) };
  } finally {
    release?.();
    await writer?.discard();
  }
}

/** The sound of a video of which only the first frames are taken ends with them. */
function soundEnd(info: VideoInfo | undefined, maxFrames: number): number | undefined {
  return info?.frames !== undefined && maxFrames < info.frames ? maxFrames / info.frameRate : undefined;
}

interface LookedAt {
  readonly frame: VideoFrame;
  /** None of a frame that is passed over. */
  readonly result: DetectionResult | undefined;
  /** The frame with boxes, where it is written, and else without. */
  readonly drawn: Image;
  readonly saved: readonly string[];
}

/** The frames in order, with what was found in them; those that are passed over show the boxes of the one before. */
function row(
  input: Input,
  info: VideoInfo | undefined,
  detector: Detector,
  selection: DetectOptions,
  { every, maxFrames, target, outputs, stop }: VideoOptions,
): AsyncGenerator<LookedAt, void, undefined> {
  const frames = readVideo(input.name, { info, maxFrames, until: stop.signal });
  const look = async (frame: VideoFrame, signal: AbortSignal): Promise<Pick<LookedAt, 'frame' | 'result'>> => ({
    frame,
    result: frame.index % every === 0 ? await detector.detect(frame.image, { ...selection, signal }) : undefined,
  });
  let latest: readonly Detection[] = [];
  const draw = async ({ frame, result }: Pick<LookedAt, 'frame' | 'result'>): Promise<LookedAt> => {
    latest = result?.detections ?? latest;
    const drawn = target === undefined ? frame.image : await annotate(frame.image, latest);
    const saved: string[] = [];
    if (result !== undefined) {
      for (const output of outputs) saved.push(...(await output({ input, frame: frame.index + 1 }, result)));
    }
    return { frame, result, drawn, saved };
  };
  return mapAhead(mapAhead(frames, look, { concurrency: 2 * detector.requests + 1 }), draw, { concurrency: DRAWING });
}
