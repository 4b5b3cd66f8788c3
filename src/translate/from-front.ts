export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
