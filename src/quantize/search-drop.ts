/** The layers that went back to f32, of those with the most noise, and the drop of accuracy with the others quantized. */
export interface WithinDrop {
  readonly restored: number;
  readonly drop: number;
}

/**
 * Searches the least number of layers to restore so that the drop is within a bound: first in steps that double, then by
 * halves. Returns undefined if `most` are not enough.
 *
 * @param dropWith measures the drop with a number of layers restored
 */
export async function searchDrop(
  most: number,
  largest: number,
  dropWith: (restored: number) => Promise<number>,
): Promise<WithinDrop | undefined> {
  let failed = -1;
  let restored = 0;
  let drop = await dropWith(restored);
  while (drop > largest) {
    if (restored >= most) return undefined;
    failed = restored;
    restored = Math.min(most, Math.max(1, 2 * restored));
    drop = await dropWith(restored);
  }
  while (restored - failed > 1) {
    const middle = (restored + failed) >> 1;
    const found = await dropWith(middle);
    if (found > largest) failed = middle;
    else [restored, drop] = [middle, found];
  }
  return { restored, drop };
}
