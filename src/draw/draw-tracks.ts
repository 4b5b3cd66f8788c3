import { classColor, toCss } from './class-color.ts';
import { type Overlay, overlayAround, strokeLines } from './overlay.ts';
import type { FrameTracks } from '../track/frame-tracks.ts';
import type { RegionCount } from '../track/region-counter.ts';
import type { Point, Region } from '../track/regions.ts';
import type { Trace } from '../track/tracker.ts';

const EDGE = 'rgb(255, 255, 255)';
const BORDER = 'rgba(0, 0, 0, 0.6)';

/** Draws lines and zones, and the paths of the objects. */
export const trackOverlays = ({ regions, traces }: FrameTracks, lineWidth: number): readonly Overlay[] => [
  ...regions.map(region => regionOverlay(region, lineWidth)),
  ...traces.map(trace => traceOverlay(trace, lineWidth)),
];

/** `door: 3 in, 1 out`; zones also say how many are inside. */
export function countText(name: string, { in: entered, out, inside }: RegionCount): string {
  const now = inside === undefined ? '' : `${total(inside)} inside, `;
  return `${name}: ${now}${total(entered)} in, ${total(out)} out`;
}

export const highest = (points: readonly Point[]): Point => points.reduce((a, b) => (b.y < a.y ? b : a));

function regionOverlay({ kind, points }: Region, lineWidth: number): Overlay {
  const path = kind === 'line' ? points : [...points, points[0]!];
  return overlayAround(path, 2 * lineWidth, context => {
    strokeLines(context, path, 2 * lineWidth, BORDER);
    strokeLines(context, path, lineWidth, EDGE);
  });
}

const traceOverlay = ({ points, classId }: Trace, lineWidth: number): Overlay =>
  overlayAround(points, lineWidth, context => strokeLines(context, points, lineWidth, toCss(classColor(classId), 0.8)));

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
