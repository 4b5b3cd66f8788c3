import { dimEquals, isStatic } from '../../tensor/dim.ts';
import { vector } from '../../tensor/tensor.ts';
import { constantOf, is, type Value } from '../graph.ts';
import { Add } from '../ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Pad } from '../ops/movement.ts';
import { AvgPool } from '../ops/pooling.ts';
import { Slice } from '../ops/slice.ts';
import { permuted } from '../permutation.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/**
 * MatMul(x, W, transpose_b)  ->  MatMul(x, Transpose(W)). If W is a square constant: OpenVINO's CPU plugin packs it once for all
 * products, some of which may transpose it.
 */
const squareApart = rule('square-apart', 'square matrices stored transposed', [MatMul], (node, { b }) => {
  const [x, weights] = node.inputs as readonly [Value, Value];
  const rank = weights.shape.length;
  const [rows, columns] = weights.shape.slice(-2);
  if (!node.attrs.transpose_b || constantOf(weights) === undefined || rank < 2) return undefined;
  if (rows === 1 || !dimEquals(rows!, columns!)) return undefined;
  const order = [...weights.shape.keys()].slice(0, -2);
  const transposed = permuted(b, weights, [...order, rank - 1, rank - 2]);
  return b.addAll(MatMul, [x, transposed], { ...node.attrs, transpose_b: false });
});

/**
 * Convolution(Pad(x))  ->  Convolution(Slice(Pad(x))). If the convolution pads open sizes itself: OpenVINO adds both paddings
 * before it knows that of the convolution. The Slice drops a row that the Pad adds. Likewise for average pools.
 */
const paddingApart = rule(
  'padding-apart',
  'paddings kept separate from convolutions',
  [Convolution, GroupConvolution, AvgPool],
  (node, { b }) => {
    const [x, ...filters] = node.inputs as readonly [Value, ...Value[]];
    const isSame = ['same_upper', 'same_lower'].includes(node.attrs.auto_pad);
    if (!isSame || !is(x.node, Pad) || x.node.attrs.pad_mode !== 'constant') return undefined;
    if (isStatic(x.shape.slice(2))) return undefined;
    const [data, before, after, ...value] = x.node.inputs as readonly [Value, Value, Value, ...Value[]];
    const last = x.shape.length - 1;
    const row = b.constant(
      vector(
        after.type,
        [...x.shape.keys()].map(axis => Number(axis === last)),
      ),
    );
    const padded = b.rebuild(x.node, [data, before, b.add(Add, [after, row]), ...value])[0]!;
    const kept = b.add(Slice, [padded, b.i64(0), b.i64(-1), b.i64(1), b.i64(last)]);
    return b.rebuild(node, [kept, ...filters]);
  },
);

export const keepApart = pass(
  'keep-apart',
  'keeps apart constants and paddings that the CPU plugin of OpenVINO mixes up',
  [squareApart, paddingApart],
);
