/**
 * Pairs rows with columns at the lowest total cost, with the Hungarian method in O(rows^2 * columns); pairs that cost more
 * than `limit` are left out, and so count as `limit`.
 *
 * @param costs `[rows][columns]`, finite or Infinity for impossible pairs
 * @returns pairs of a row and a column, in the order of the rows
 */
export function assign(
  costs: readonly (readonly number[])[],
  limit: number,
): readonly (readonly [row: number, column: number])[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return [];
  // One more column per row, at the limit, lets any row stay unpaired. It also makes columns at least as many as rows.
  const cost = (row: number, column: number): number =>
    column < columns ? Math.min(costs[row]![column]!, 2 * limit + 1) : limit;
  const rowOf = shortestPaths(rows, columns + rows, cost);
  return rowOf
    .slice(0, columns)
    .flatMap((row, column): [number, number][] => (row >= 0 && cost(row, column) <= limit ? [[row, column]] : []))
    .sort(([a], [b]) => a - b);
}

/** Adds one row after the other along the cheapest path of changes. Returns the row of each column, or -1. */
function shortestPaths(rows: number, columns: number, cost: (row: number, column: number) => number): number[] {
  const rowPrice = new Array<number>(rows).fill(0);
  const columnPrice = new Array<number>(columns).fill(0);
  const rowOf = new Array<number>(columns).fill(-1);
  for (let added = 0; added < rows; added++) {
    const distance = new Array<number>(columns).fill(Infinity);
    const before = new Array<number>(columns).fill(-1);
    const settled: number[] = [];
    const isSettled = new Array<boolean>(columns).fill(false);
    let row = added;
    let last = -1;
    let reached = 0;
    for (;;) {
      let next = -1;
      for (let column = 0; column < columns; column++) {
        if (isSettled[column]) continue;
        const through = reached + cost(row, column) - rowPrice[row]! - columnPrice[column]!;
        if (through < distance[column]!) {
          distance[column] = through;
          before[column] = last;
        }
        if (next < 0 || distance[column]! < distance[next]!) next = column;
      }
      reached = distance[next]!;
      last = next;
      if (rowOf[next]! < 0) break;
      isSettled[next] = true;
      settled.push(next);
      row = rowOf[next]!;
    }
    rowPrice[added]! += reached;
    for (const column of settled) {
      rowPrice[rowOf[column]!]! += reached - distance[column]!;
      columnPrice[column]! -= reached - distance[column]!;
    }
    for (let column = last; column >= 0; column = before[column]!) {
      rowOf[column] = before[column]! < 0 ? added : rowOf[before[column]!]!;
    }
  }
  return rowOf;
}
