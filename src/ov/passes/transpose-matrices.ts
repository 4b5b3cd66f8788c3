import { normalizeAxis } from '../../tensor/axis.ts';
import { isStatic } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import type { Value } from '../graph.ts';
import { Split, Transpose } from '../ops/movement.ts';
import { orderOf } from '../permutation.ts';
import { reshape } from '../shorthand.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/** Smaller matrices are transposed in no time. */
const FEWEST_ELEMENTS = 1 << 12;

/** A Split of more columns may be one of feature maps. */
const MOST_COLUMNS = 8;

/** The matrix [n, m] as [m, n]: transposed as the channels of a map [1, n, 1, m], which OpenVINO does many at a time. */
const transposedAsMap = (b: Builder, x: Value, n: number, m: number): Value =>
  reshape(b, b.add(Transpose, [reshape(b, x, 1, n, 1, m), b.i64(0, 3, 1, 2)]), m, n);

const isLarge = ({ type, shape }: Value): boolean =>
  isReal(type) && isStatic(shape) && sizeOf(shape) >= FEWEST_ELEMENTS;

/** Transpose(x[n, m], [1, 0])  ->  Reshape(Transpose(Reshape(x, [1, n, 1, m]), [0, 3, 1, 2]), [m, n]) */
const transposeAsMap = rule('transpose-as-map', 'matrices transposed as maps', [Transpose], (node, { b }) => {
  const [x] = node.inputs as readonly [Value];
  const order = orderOf(node);
  if (order?.length !== 2 || order[0] !== 1 || !isLarge(x)) return undefined;
  const [n, m] = x.shape as [number, number];
  return n === 1 || m === 1 ? undefined : [transposedAsMap(b, x, n, m)];
});

/** Split(x[n, m], 1)  ->  Split(Transpose(x), 0), each part reshaped. OpenVINO copies the columns at once, not one by one. */
const splitRows = rule('split-rows', 'columns split after a transpose', [Split], (node, { b }) => {
  const [x, axis] = node.inputs as readonly [Value, Value];
  const { shape } = x;
  const along = axis.partialValue?.[0];
  if (typeof along !== 'number' || normalizeAxis(along, shape.length) !== shape.length - 1) return undefined;
  const columns = node.attrs.num_splits;
  if (!isLarge(x) || shape.at(-1) !== columns || columns < 2 || columns > MOST_COLUMNS) return undefined;
  const rows = sizeOf(shape as readonly number[]) / columns;
  const parts = b.addAll(Split, [transposedAsMap(b, x, rows, columns), b.scalar('i64', 0)], { num_splits: columns });
  return parts.map((part, i) => reshape(b, part, ...(node.outputs[i]!.shape as readonly number[])));
});

export const transposeMatrices = pass(
  'transpose-matrices',
  'transposes matrices, such as those of scores and boxes, with the fast kernel that OpenVINO has for feature maps',
  [transposeAsMap, splitRows],
);
