import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import {
  ReduceL2,
  ReduceLogicalAnd,
  ReduceLogicalOr,
  ReduceMax,
  ReduceMean,
  ReduceMin,
  ReduceProd,
  ReduceSum,
} from '../../ov/ops/reduction.ts';
import { Abs } from '../../ov/ops/arithmetic.ts';
import { convert } from '../../ov/shorthand.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { widened } from './support/widened.ts';

type Reduction = Op<(typeof ReduceSum)['attributes']>;

const over =
  (reduction: Reduction, single = (_b: Builder, x: Value): Value => x): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axes = convert(b, op.input(1), 'i64');
    if (axes.partialValue?.length === 0) return single(b, x);
    return widened(b, [x], wide => b.add(reduction, [wide, axes], { keep_dims: op.bool('keep_dims', false) }));
  };

const mean = (op: TfOp, b: Builder): Value => {
  const x = op.input(0);
  const axes = convert(b, op.input(1), 'i64');
  const keep_dims = op.bool('keep_dims', false);
  if (isReal(x.type)) return b.add(ReduceMean, [x, axes], { keep_dims });
  return convert(b, b.add(ReduceMean, [convert(b, x, 'f32'), axes], { keep_dims }), x.type);
};

export const reduction: Translators = {
  Sum: over(ReduceSum),
  Prod: over(ReduceProd),
  Max: over(ReduceMax),
  Min: over(ReduceMin),
  Mean: mean,
  All: over(ReduceLogicalAnd),
  Any: over(ReduceLogicalOr),
  EuclideanNorm: over(ReduceL2, (b, x) => b.add(Abs, [x])),
};
