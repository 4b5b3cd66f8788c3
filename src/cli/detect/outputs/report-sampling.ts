/** Frames of a video in a report: more make its page slow to open. */
const MAX_FRAMES = 24;

/**
 * Whether a report shows the frame at `index` (from 0) of `frames`, of which every `every`-th is processed. Shown frames are
 * evenly spaced. If the number of frames is unknown, all are shown.
 */
export const isInReport = (index: number, frames: number | undefined, every: number): boolean =>
  index % Math.ceil((frames ?? 1) / MAX_FRAMES) < every;
