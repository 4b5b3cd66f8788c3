/** Items that go back to f32, and the drop of accuracy with the others quantized. */
export interface WithinDrop<T> {
  readonly restored: readonly T[];
  readonly drop: number;
}

/** Attempts to quantize a part of the restored items after all. */
const MOST_ATTEMPTS = 24;

/**
 * Searches few items to restore so that the drop is within a bound. First by halves, how many of the first ones suffice; with all of
 * them restored, the model is the f32 one, whose drop is within any bound. Then it quantizes parts of these after all, from halves
 * to single ones, if the drop stays within the bound.
 *
 * @param items those that matter most come first
 * @param dropWith measures the drop with some items restored
 */
export async function searchDrop<T>(
  items: readonly T[],
  largest: number,
  dropWith: (restored: readonly T[]) => Promise<number>,
): Promise<WithinDrop<T>> {
  const none = { restored: [], drop: await dropWith([]) };
  if (none.drop <= largest) return none;
  return giveBack(await shortestStart(items, largest, dropWith), largest, dropWith);
}

async function shortestStart<T>(
  items: readonly T[],
  largest: number,
  dropWith: (restored: readonly T[]) => Promise<number>,
): Promise<WithinDrop<T>> {
  let within: WithinDrop<T> = { restored: items, drop: 0 };
  let failed = 0;
  while (within.restored.length - failed > 1) {
    const restored = items.slice(0, (within.restored.length + failed) >> 1);
    const drop = await dropWith(restored);
    if (drop > largest) failed = restored.length;
    else within = { restored, drop };
  }
  return within;
}

async function giveBack<T>(
  found: WithinDrop<T>,
  largest: number,
  dropWith: (restored: readonly T[]) => Promise<number>,
): Promise<WithinDrop<T>> {
  let within = found;
  let attempts = 0;
  for (let size = found.restored.length >> 1; size > 0; size >>= 1) {
    for (let start = 0; start < within.restored.length && attempts < MOST_ATTEMPTS;) {
      const { restored } = within;
      const rest = restored.filter((_, i) => i < start || i >= start + size);
      const drop = rest.length === 0 ? Infinity : await dropWith(rest);
      attempts++;
      if (drop > largest) start += size;
      else within = { restored: rest, drop };
    }
  }
  return within;
}
