import type { Ports } from '../detect/heads/port.ts';
import { constantOf, is, type Node, type Value } from '../ov/graph.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Slice, StridedSlice } from '../ov/ops/slice.ts';
import { normalizeAxis } from '../tensor/axis.ts';
import { numbersOf, type Tensor } from '../tensor/tensor.ts';

/** More ops than between an NMS and the grid that its boxes are offsets from. */
const MAX_STEPS = 64;

/**
 * Returns whether x or y comes first in boxes that are decoded from a grid: the positions of the grid's cells are a constant
 * that is added to the centers.
 */
export function boxOrderOf(boxes: Value): Ports['boxOrder'] {
  let value = boxes;
  let isReversed = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { node } = value;
    const order = is(node, Add) ? node.inputs.map(gridOrder).find(found => found !== undefined) : undefined;
    if (order !== undefined) return isReversed === (order === 'xy') ? 'yx' : 'xy';
    if (reversesLast(node)) isReversed = !isReversed;
    const before = node.inputs.find(input => constantOf(input) === undefined);
    if (before === undefined) return undefined;
    value = before;
  }
  return undefined;
}

/** The order in a constant [..., height, width, ..., 2] of cells: the position along the width changes first. */
function gridOrder(value: Value): Ports['boxOrder'] {
  const grid = constantOf(value);
  if (grid?.shape.at(-1) !== 2 || grid.data.length < 8 || grid.type === 'string') return undefined;
  const numbers = numbersOf(grid);
  for (let at = 2; at < numbers.length; at += 2) {
    if (numbers[at] !== numbers[0]) return 'xy';
    if (numbers[at + 1] !== numbers[1]) return 'yx';
  }
  return undefined;
}

function reversesLast(node: Node): boolean {
  const last = (node.outputs[0]?.shape.length ?? 0) - 1;
  if (is(node, Gather)) {
    const [, indices, axis] = node.inputs.map(input => constantOf(input));
    return (
      isEqual(indices, [1, 0]) && axis !== undefined && normalizeAxis(Number(numbersOf(axis)[0]), last + 1) === last
    );
  }
  if (is(node, StridedSlice)) {
    const steps = node.inputs[3] && constantOf(node.inputs[3]);
    return steps !== undefined && Number(numbersOf(steps).at(-1)) === -1;
  }
  if (!is(node, Slice)) return false;
  const [steps, axes] = node.inputs.slice(3).map(input => constantOf(input));
  return isEqual(steps, [-1]) && (axes === undefined ? last === 0 : isEqual(axes, [last]));
}

const isEqual = (tensor: Tensor | undefined, numbers: readonly number[]): boolean =>
  tensor !== undefined && String([...numbersOf(tensor)]) === String(numbers);
