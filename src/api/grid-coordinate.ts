import type { Tensor } from '../tensor/tensor.ts';
import { numbersOf } from '../tensor/tensor.ts';

/** The direction in which a column of numbers grows over an image, as the grid that is added to it shows. */
export interface Coordinate {
  readonly direction: 'x' | 'y';
  /** The first number of the grid, if its cells are 1 apart: 0, 0.5, or -0.5. */
  readonly firstCell: number | undefined;
}

/**
 * Returns the direction of the positions in a constant, such as 0, 1, 2, 0, 1, 2 (x) or 0, 0, 0, 1, 1, 1 (y); undefined if they
 * are no grid. Positions may be there once for each of several anchors, and for several grids, one after the other.
 *
 * @param axis the axis of coordinates, if there is one
 * @param at the position on it
 */
export function gridCoordinate(constant: Tensor, axis: number | undefined, at: number): Coordinate | undefined {
  if (constant.type === 'string') return undefined;
  const cells = columnOf(constant, axis, at);
  const [first = NaN] = cells;
  const run = runFrom(cells, 0);
  const step = cells[run]! - first;
  const isGrid = step > 0 && isNear(cells[2 * run] ?? NaN, first + 2 * step);
  const wraps = cells.findIndex((cell, i) => cell < (cells[i - 1] ?? -Infinity));
  const isSmall = step > 0 && cells.length >= 4 && (wraps === 2 * run || (wraps < 0 && cells.length === 2 * run));
  if (!isGrid && !isSmall) return undefined;
  const repeats = wraps >= 0 && runFrom(cells, wraps) === run && isNear(cells[wraps]!, first);
  const isX = repeats || (wraps < 0 && run === 1);
  return { direction: isX ? 'x' : 'y', firstCell: isNear(step, 1) ? first : undefined };
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4;

function runFrom(cells: readonly number[], start: number): number {
  const end = cells.findIndex((cell, i) => i > start && cell !== cells[start]);
  return (end < 0 ? cells.length : end) - start;
}

function columnOf(constant: Tensor, axis: number | undefined, at: number): readonly number[] {
  const numbers = Array.from(numbersOf(constant), Number);
  const size = axis === undefined ? 1 : (constant.shape[axis] ?? 1);
  if (axis === undefined || size === 1) return numbers;
  const after = constant.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  return numbers.filter((_, i) => Math.floor(i / after) % size === at);
}
