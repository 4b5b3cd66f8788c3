/** Frames of a video that a report shows: more of them make its page slow to open. */
const MOST = 24;

/**
 * Whether a report shows the frame at `index` of `frames`, of which each `every`-th is looked at: those shown are spread
 * evenly. Of a video that does not tell its length all are.
 */
export const isInReport = (index: number, frames: number | undefined, every: number): boolean =>
  index % Math.ceil((frames ?? 1) / MOST) < every;
