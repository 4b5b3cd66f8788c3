import type { FoundDetection } from '../server.ts';

/** Which of the detections are shown. */
export interface View {
  readonly threshold: number;
  readonly hidden: ReadonlySet<number>;
}

export const DEFAULT_VIEW: View = { threshold: 0.5, hidden: new Set() };

export const shownIn = (
  detections: readonly FoundDetection[],
  { threshold, hidden }: View,
): readonly FoundDetection[] => detections.filter(({ score, classId }) => score >= threshold && !hidden.has(classId));

/** Returns the classes of detections, with how many reach the threshold, by name. */
export function classesOf(detections: readonly FoundDetection[], threshold: number): readonly ClassCount[] {
  const counts = new Map<number, ClassCount>();
  for (const { classId, label, score } of detections) {
    const { count } = counts.get(classId) ?? { count: 0 };
    counts.set(classId, { classId, label, count: count + (score >= threshold ? 1 : 0) });
  }
  return [...counts.values()].sort((a, b) => a.label.localeCompare(b.label));
}

export interface ClassCount {
  readonly classId: number;
  readonly label: string;
  readonly count: number;
}

/** `3 found: 2 person, 1 dog`. */
export function summaryOf(detections: readonly FoundDetection[]): string {
  if (detections.length === 0) return 'nothing found';
  const parts = classesOf(detections, 0)
    .toSorted((a, b) => b.count - a.count)
    .map(({ label, count }) => `${count} ${label}`);
  return `${detections.length} found: ${parts.join(', ')}`;
}
