/** Returns a number with what it counts: `1 image`, `2 images`, `0 classes`. */
export const amount = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;
