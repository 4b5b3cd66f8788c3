export function allDefined<T, U>(
  values: readonly T[],
  map: (value: T, index: number) => U | undefined,
): readonly U[] | undefined {
  const all: U[] = [];
  for (const [index, value] of values.entries()) {
    const result = map(value, index);
    if (result === undefined) return undefined;
    all.push(result);
  }
  return all;
}
