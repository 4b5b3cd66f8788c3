const MAX_COMPARED = 20_000;

/**
 * Returns the names that are nearest to a mistyped one, the nearest first: those with few letters changed or swapped, and those
 * that contain it or are contained in it.
 */
export function nearestNames(name: string, names: Iterable<string>, count = 3): readonly string[] {
  const wanted = name.toLowerCase();
  const ranked: { readonly name: string; readonly distance: number }[] = [];
  for (const candidate of names) {
    if (ranked.length === MAX_COMPARED) break;
    const other = candidate.toLowerCase();
    const distance = isPart(wanted, other) || isPart(other, wanted) ? 1 : editDistance(wanted, other);
    if (distance <= Math.max(Math.min(2, wanted.length / 2), wanted.length / 4))
      ranked.push({ name: candidate, distance });
  }
  return ranked
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, count)
    .map(each => each.name);
}

/** Returns a question that names the nearest names, with a space after it; nothing if no name is near. */
export const nearestHint = (name: string, names: Iterable<string>): string => questionOf(nearestNames(name, names));

export const questionOf = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Did you mean ${names.map(each => `'${each}'`).join(' or ')}? `;

/** A letter or two are part of too much. */
const isPart = (part: string, whole: string): boolean =>
  whole.includes(part) && part.length > 2 && 4 * part.length >= whole.length;

/** Counts letters to replace, insert, delete, or swap with the next one. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, previous[j]! + 1, row[j - 1]! + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
