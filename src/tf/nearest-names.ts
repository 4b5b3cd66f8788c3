const MAX_COMPARED = 20_000;

export function nearestNames(name: string, names: Iterable<string>, count = 3): readonly string[] {
  const wanted = name.toLowerCase();
  const ranked: { readonly name: string; readonly distance: number }[] = [];
  for (const candidate of names) {
    if (ranked.length === MAX_COMPARED) break;
    const other = candidate.toLowerCase();
    const distance = other.includes(wanted) || wanted.includes(other) ? 1 : editDistance(wanted, other);
    if (distance <= Math.max(2, wanted.length / 4)) ranked.push({ name: candidate, distance });
  }
  return ranked
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, count)
    .map(each => each.name);
}

/** Returns a question that names the nearest names, with a space after it; nothing if no name is near. */
export function nearestHint(name: string, names: Iterable<string>): string {
  const nearest = nearestNames(name, names);
  return nearest.length === 0 ? '' : `Did you mean ${nearest.map(each => `'${each}'`).join(' or ')}? `;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
