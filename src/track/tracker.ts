import { checkArgument, checkOptions, number } from '../check.ts';
import { DETECTIONS } from '../detect/check-detections.ts';
import type { Detection } from '../detect/detection.ts';
import { DecantError } from '../errors.ts';
import { type Box, boxIou } from '../image/geometry.ts';
import { assign } from './assign.ts';
import { BoxMotion } from './box-motion.ts';
import type { Point } from './regions.ts';

/** Scores that start and continue tracks, and how long objects may be hidden. */
export interface TrackerOptions {
  /** Score from which a detection starts a track; 0..1, 0.5 by default. */
  readonly threshold?: number | undefined;
  /** Score from which a detection continues a track; 0..1, 0.1 by default. */
  readonly lowThreshold?: number | undefined;
  /** How long an object may be hidden, in frames; 30 by default. */
  readonly maxHidden?: number | undefined;
}

/** The path of a visible object: the middle of the lower edge of its last boxes, in pixels, the newest last. */
export interface Trace {
  readonly trackId: number;
  readonly classId: number;
  readonly points: readonly Point[];
}

/** Lowest overlap of a box with its prediction: scaled by the score, for low scores, and for a second sighting. */
const MIN_IOU = { best: 0.2, low: 0.5, second: 0.3 };

/** Fast objects leave their boxes between frames, so boxes that are left over are compared again, enlarged by this share. */
const ENLARGED = 0.5;

const TRACE_POINTS = 30;

/** Score from which detections continue a track by default: objects that are partly hidden score low. */
export const LOW_THRESHOLD = 0.1;

interface Track {
  id: number | undefined;
  readonly classId: number;
  readonly motion: BoxMotion;
  hidden: number;
  readonly points: Point[];
}

/**
 * Follows objects through the frames of a video. It associates detections with tracks by the overlap of their boxes, in the
 * manner of ByteTrack: first those of high scores, then those of low scores, which are often partly hidden objects.
 * Objects keep their number while they are hidden, for up to `maxHidden` frames.
 *
 * @example
 * ```ts
 * import { Detector, readVideo, Tracker } from 'decant';
 *
 * using detector = await Detector.load('centernet.json');
 * const tracker = new Tracker();
 * for await (const { image } of readVideo('clip.mp4')) {
 *   const { detections } = await detector.detect(image, { threshold: 0.1 });
 *   for (const { trackId, label } of tracker.update(detections)) console.log(trackId, label);
 * }
 * ```
 */
export class Tracker {
  readonly #threshold: number;
  readonly #lowThreshold: number;
  readonly #maxHidden: number;
  #tracks: Track[] = [];
  #nextId = 1;
  #isFirst = true;

  /** @throws DecantError `invalid-argument` if an option is out of range */
  constructor(options: TrackerOptions = {}) {
    checkOptions(options, { threshold: number, lowThreshold: number, maxHidden: number });
    const { threshold = 0.5, lowThreshold = Math.min(LOW_THRESHOLD, threshold), maxHidden = 30 } = options;
    if (!(lowThreshold >= 0 && lowThreshold <= threshold && threshold <= 1)) {
      throw new DecantError(
        'invalid-argument',
        `a tracker's thresholds must be between 0 and 1, the lower one first, got ${lowThreshold} and ${threshold}`,
      );
    }
    if (!(maxHidden >= 0)) {
      throw new DecantError('invalid-argument', `maxHidden must be a number of frames, got ${maxHidden}`);
    }
    this.#threshold = threshold;
    this.#lowThreshold = lowThreshold;
    this.#maxHidden = maxHidden;
  }

  /**
   * Takes the detections of the next frame and returns those of `threshold` and more, and those that continue a track, in the
   * same order. Each has the `trackId` of its object, except for an object that was seen only once so far.
   */
  update(detections: readonly Detection[]): readonly Detection[] {
    checkArgument(detections, 'the detections', DETECTIONS);
    const trackOf = new Map<Detection, Track>();
    for (const { motion, hidden } of this.#tracks) motion.predict(hidden === 0);
    const high = detections.filter(({ score }) => score >= this.#threshold);
    const low = detections.filter(({ score }) => score < this.#threshold && score >= this.#lowThreshold);
    const pair = (tracks: readonly Track[], some: readonly Detection[], minIou: number, overlap: Overlap): void => {
      const free = some.filter(detection => !trackOf.has(detection));
      const taken = new Set(trackOf.values());
      const waiting = tracks.filter(track => !taken.has(track));
      const costs = waiting.map(track => free.map(detection => 1 - overlap(track, detection)));
      for (const [row, column] of assign(costs, 1 - minIou)) trackOf.set(free[column]!, waiting[row]!);
    };
    const known = this.#tracks.filter(({ id }) => id !== undefined);
    const unconfirmed = this.#tracks.filter(({ id }) => id === undefined);
    pair(known, high, MIN_IOU.best, scoredIou);
    pair(known.filter(({ hidden }) => hidden === 0), low, MIN_IOU.low, iou); // prettier-ignore
    pair(unconfirmed, high, MIN_IOU.second, scoredIou);
    pair(this.#tracks, high, MIN_IOU.best, enlargedIou);
    for (const detection of high) {
      if (!trackOf.has(detection)) trackOf.set(detection, this.#start(detection));
    }
    this.#finish(trackOf);
    return detections.flatMap(detection => {
      const trackId = trackOf.get(detection)?.id;
      if (trackId !== undefined) return [{ ...detection, trackId }];
      return detection.score >= this.#threshold ? [detection] : [];
    });
  }

  get traces(): readonly Trace[] {
    return this.#tracks.flatMap(({ id, classId, hidden, points }) =>
      id === undefined || hidden > 0 ? [] : [{ trackId: id, classId, points: [...points] }],
    );
  }

  #start({ box, classId }: Detection): Track {
    const track: Track = { id: undefined, classId, motion: new BoxMotion(box), hidden: -1, points: [] };
    this.#tracks.push(track);
    return track;
  }

  /** Corrects the tracks by their detections, and drops those that are hidden for too long or were seen only once. */
  #finish(trackOf: ReadonlyMap<Detection, Track>): void {
    const seen = new Set(trackOf.values());
    for (const [{ box }, track] of trackOf) {
      const isNew = track.hidden < 0;
      if (!isNew) track.motion.correct(box);
      if (!isNew || this.#isFirst) track.id ??= this.#nextId++;
      track.hidden = 0;
      track.points.push({ x: (box.xmin + box.xmax) / 2, y: box.ymax });
      if (track.points.length > TRACE_POINTS) track.points.shift();
    }
    for (const track of this.#tracks) if (!seen.has(track)) track.hidden++;
    this.#tracks = this.#tracks.filter(
      ({ id, hidden }) => hidden === 0 || (id !== undefined && hidden <= this.#maxHidden),
    );
    this.#isFirst = false;
  }
}

type Overlap = (track: Track, detection: Detection) => number;

const iou: Overlap = ({ motion, classId }, detection) =>
  classId === detection.classId ? boxIou(motion.box, detection.box) : -Infinity;

const scoredIou: Overlap = (track, detection) => iou(track, detection) * detection.score;

const enlargedIou: Overlap = ({ motion, classId }, detection) =>
  classId === detection.classId ? boxIou(enlarged(motion.box), enlarged(detection.box)) : -Infinity;

function enlarged({ xmin, ymin, xmax, ymax }: Box): Box {
  const [x, y] = [(ENLARGED * (xmax - xmin)) / 2, (ENLARGED * (ymax - ymin)) / 2];
  return { xmin: xmin - x, ymin: ymin - y, xmax: xmax + x, ymax: ymax + y };
}
