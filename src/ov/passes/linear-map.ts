import { numbersOf } from '../../tensor/tensor.ts';
import { constantOf, is, type Value } from '../graph.ts';
import { Add, Multiply, Subtract } from '../ops/arithmetic.ts';
import { Gather } from '../ops/gather.ts';
import { plainAxis } from './gather-rules.ts';

/** A value that is a constant linear map of the positions of `x` along one axis: `rows[i]` weights them for position i. */
export interface LinearMap {
  readonly x: Value;
  readonly axis: number;
  readonly rows: readonly Float64Array[];
}

/** Resizing is a few gathers, sums and products; more nodes are something else. */
const DEPTH = 8;

/** Finds a resize along one axis: rows gathered at constant positions, weighted, and added. */
export function linearMapOf(value: Value, depth = DEPTH): LinearMap | undefined {
  const { node } = value;
  if (depth === 0) return undefined;
  if (is(node, Gather)) return gathered(value);
  const [left, right] = node.inputs;
  if (is(node, Multiply)) return weighted(left!, right!, depth) ?? weighted(right!, left!, depth);
  if (!is(node, Add) && !is(node, Subtract)) return undefined;
  const a = linearMapOf(left!, depth - 1);
  const b = a === undefined ? undefined : linearMapOf(right!, depth - 1);
  if (a === undefined || b?.x !== a.x || b.axis !== a.axis || b.rows.length !== a.rows.length) return undefined;
  const sign = is(node, Add) ? 1 : -1;
  return { ...a, rows: a.rows.map((row, i) => row.map((weight, k) => weight + sign * b.rows[i]![k]!)) };
}

function gathered({ node }: Value): LinearMap | undefined {
  if (!is(node, Gather)) return undefined;
  const axis = plainAxis(node);
  const x = node.inputs[0]!;
  const indices = constantOf(node.inputs[1]!);
  const size = axis === undefined ? undefined : x.shape[axis];
  if (axis === undefined || indices?.shape.length !== 1 || typeof size !== 'number') return undefined;
  const rows = Array.from(numbersOf(indices), index => {
    const row = new Float64Array(size);
    row[index < 0 ? index + size : index] = 1;
    return row;
  });
  return { x, axis, rows };
}

/** `x` times a constant that only varies along the axis of the map. */
function weighted(x: Value, weights: Value, depth: number): LinearMap | undefined {
  const constant = constantOf(weights);
  const map = constant === undefined ? undefined : linearMapOf(x, depth - 1);
  if (constant === undefined || map === undefined) return undefined;
  const first = x.shape.length - constant.shape.length;
  const alongAxis = constant.shape.every((size, i) => size === 1 || first + i === map.axis);
  if (first < 0 || !alongAxis) return undefined;
  const numbers = numbersOf(constant);
  const scale = (i: number): number => numbers[numbers.length === 1 ? 0 : i]!;
  return { ...map, rows: map.rows.map((row, i) => row.map(weight => weight * scale(i))) };
}
