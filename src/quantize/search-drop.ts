/** The layers that went back to f32, of those with the most noise, and the drop of accuracy with the others quantized. */
export interface WithinDrop {
  readonly restored: number;
  readonly drop: number;
}

/**
 * Searches the least number of layers to restore so that the drop is within a bound, by halves. With all of them restored, the
 * model is the f32 one, whose drop is within any bound.
 *
 * @param dropWith measures the drop with a number of layers restored
 */
export async function searchDrop(
  all: number,
  largest: number,
  dropWith: (restored: number) => Promise<number>,
): Promise<WithinDrop> {
  let within: WithinDrop = { restored: 0, drop: await dropWith(0) };
  if (within.drop <= largest) return within;
  let failed = 0;
  within = { restored: all, drop: 0 };
  while (within.restored - failed > 1) {
    const middle = (within.restored + failed) >> 1;
    const drop = await dropWith(middle);
    if (drop > largest) failed = middle;
    else within = { restored: middle, drop };
  }
  return within;
}
