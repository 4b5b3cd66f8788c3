import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import { CumSum } from '../../ov/ops/matmul.ts';
import * as reduce from '../../ov/ops/reduce.ts';
import { TopK } from '../../ov/ops/select.ts';
import { Abs } from '../../ov/ops/unary.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { convert, fromFront, squeeze, widened } from '../values.ts';

type Reduction = Op<(typeof reduce.ReduceSum)['attributes']>;

/** A reduction; of no axes it leaves every element what it is of itself alone. */
const over =
  (reduction: Reduction, alone = (_b: Builder, x: Value): Value => x): Translator =>
  (op, b) => {
    const [x, axes] = [op.input(0), convert(b, op.input(1), 'i64')];
    if (axes.contents?.length === 0) return alone(b, x);
    return widened(b, [x], wide => b.add(reduction, [wide, axes], { keep_dims: op.bool('keep_dims', false) }));
  };

/** The position of the largest (or smallest) element along an axis; the first one among equals. */
const position =
  (mode: 'max' | 'min'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axis = op.inputs.length > 1 ? fromFront(op.integer(1, 'axis'), x.shape.length) : 0;
    const [, indices] = b.addAll(TopK, [x, b.scalar('i64', 1)], { axis, mode, sort: 'value', stable: true });
    return convert(b, squeeze(b, indices!, axis), op.elementType('output_type', 'DT_INT64'));
  };

const mean = (op: TfOp, b: Builder): Value => {
  const x = op.input(0);
  const axes = convert(b, op.input(1), 'i64');
  const keep_dims = op.bool('keep_dims', false);
  if (isReal(x.type)) return b.add(reduce.ReduceMean, [x, axes], { keep_dims });
  // TensorFlow's mean of integers is an integer; OpenVINO computes it in floats.
  return convert(b, b.add(reduce.ReduceMean, [convert(b, x, 'f32'), axes], { keep_dims }), x.type);
};

export const reductions: Translators = {
  Sum: over(reduce.ReduceSum),
  Prod: over(reduce.ReduceProd),
  Max: over(reduce.ReduceMax),
  Min: over(reduce.ReduceMin),
  Mean: mean,
  All: over(reduce.ReduceLogicalAnd),
  Any: over(reduce.ReduceLogicalOr),
  EuclideanNorm: over(reduce.ReduceL2, (b, x) => b.add(Abs, [x])),
  ArgMax: position('max'),
  ArgMin: position('min'),
  Cumsum: (op, b) =>
    b.add(CumSum, [op.input(0), op.input(1)], {
      exclusive: op.bool('exclusive', false),
      reverse: op.bool('reverse', false),
    }),
};
