import { checkArgument } from '../check.ts';
import { DETECTIONS } from '../detect/check-detections.ts';
import type { Detection } from '../detect/detection.ts';
import type { Box } from '../image/geometry.ts';
import { checkRegion, crosses, type Point, type Region, REGIONS, sideOf } from './regions.ts';

/** An object that crossed a line, or entered or left a zone. */
export interface Crossing {
  readonly region: string;
  /** `in` for the way into a zone, or from the left to the right of a line as seen from its first point. */
  readonly direction: 'in' | 'out';
  readonly trackId: number;
  readonly label: string;
}

/** Objects that went through a region so far, by class name; `inside` are those in a zone now. */
export interface RegionCount {
  readonly in: Readonly<Record<string, number>>;
  readonly out: Readonly<Record<string, number>>;
  readonly inside?: Readonly<Record<string, number>> | undefined;
}

/** How far an object must get past an edge to count, relative to its height: boxes tremble. */
const MARGIN = 0.02;

/** Frames after which an object that is out of sight is forgotten. */
const MEMORY = 1000;

interface Place {
  /** Where the object was last seen clearly on one side. */
  readonly point: Point;
  readonly isIn: boolean;
  readonly frame: number;
}

/**
 * Counts tracked objects that cross lines and zones. An object is where the middle of the lower edge of its box is, mostly
 * its feet or wheels. Objects that appear inside a zone did not enter it.
 *
 * @example
 * ```ts
 * import { Detector, readVideo, RegionCounter, Tracker } from 'decant';
 *
 * using detector = await Detector.load('centernet.json');
 * const tracker = new Tracker();
 * const counter = new RegionCounter([{ name: 'door', kind: 'line', points: [{ x: 0, y: 300 }, { x: 640, y: 300 }] }]);
 * for await (const { image } of readVideo('clip.mp4')) {
 *   const { detections } = await detector.detect(image, { threshold: 0.1 });
 *   for (const { region, direction, label } of counter.update(tracker.update(detections))) {
 *     console.log(label, direction, region);
 *   }
 * }
 * console.log(counter.counts['door']);
 * ```
 */
export class RegionCounter {
  readonly regions: readonly Region[];
  readonly #places: readonly Map<number, Place>[];
  readonly #counts: readonly { readonly in: Counts; readonly out: Counts; inside: Counts }[];
  #frame = 0;

  /** @throws DecantError `invalid-argument` if a region is not a line of two points or a zone of at least three */
  constructor(regions: readonly Region[]) {
    checkArgument(regions, 'the regions', REGIONS);
    regions.forEach(checkRegion);
    this.regions = regions;
    this.#places = regions.map(() => new Map());
    this.#counts = regions.map(() => ({ in: new Map(), out: new Map(), inside: new Map() }));
  }

  /** Takes the tracked detections of the next frame, and returns who crossed what in it. */
  update(detections: readonly Detection[]): readonly Crossing[] {
    checkArgument(detections, 'the detections', DETECTIONS);
    this.#frame++;
    const crossings: Crossing[] = [];
    this.regions.forEach((region, i) => {
      const count = this.#counts[i]!;
      count.inside = new Map();
      for (const { trackId, label, box } of detections) {
        if (trackId === undefined) continue;
        const direction = this.#move(region, this.#places[i]!, trackId, box);
        if (sideOf(region, footOf(box)) > 0) add(count.inside, label);
        if (direction === undefined) continue;
        add(count[direction], label);
        crossings.push({ region: region.name, direction, trackId, label });
      }
    });
    if (this.#frame % MEMORY === 0) this.#forget();
    return crossings;
  }

  /** The counts so far, by the names of the regions. */
  get counts(): Readonly<Record<string, RegionCount>> {
    return Object.fromEntries(
      this.regions.map(({ name, kind }, i) => {
        const { in: entered, out, inside } = this.#counts[i]!;
        const count = { in: Object.fromEntries(entered), out: Object.fromEntries(out) };
        return [name, kind === 'line' ? count : { ...count, inside: Object.fromEntries(inside) }];
      }),
    );
  }

  #move(region: Region, places: Map<number, Place>, id: number, box: Box): Crossing['direction'] | undefined {
    const point = footOf(box);
    const side = sideOf(region, point);
    const before = places.get(id);
    if (Math.abs(side) < MARGIN * (box.ymax - box.ymin)) {
      if (before !== undefined) places.set(id, { ...before, frame: this.#frame });
      return undefined;
    }
    const isIn = side > 0;
    places.set(id, { point, isIn, frame: this.#frame });
    if (before === undefined || before.isIn === isIn) return undefined;
    if (region.kind === 'line' && !crosses(region, before.point, point)) return undefined;
    return isIn ? 'in' : 'out';
  }

  #forget(): void {
    for (const places of this.#places) {
      for (const [id, { frame }] of places) if (frame <= this.#frame - MEMORY) places.delete(id);
    }
  }
}

type Counts = Map<string, number>;

const add = (counts: Counts, label: string): void => void counts.set(label, (counts.get(label) ?? 0) + 1);

const footOf = ({ xmin, xmax, ymax }: Box): Point => ({ x: (xmin + xmax) / 2, y: ymax });
