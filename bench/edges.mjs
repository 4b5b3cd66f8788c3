// Edges of boxes, in pixels, as the scripts that compare detections need them.

export const edgesOf = ({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax, ymax];

/** The largest difference of two lists of numbers. */
export const largest = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

/** Moves an edge into an image whose size on its axis is `limit`. */
export const clip = (value, limit) => Math.min(Math.max(value, 0), limit);
