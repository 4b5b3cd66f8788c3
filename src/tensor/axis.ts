/** Counts negative axes from the end. Does not check that the axis exists. */
export const normalizeAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
