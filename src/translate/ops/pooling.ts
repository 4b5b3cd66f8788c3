import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { AvgPool, MaxPool } from '../../ov/ops/pooling.ts';
import { formatOf, spatialOf, withChannelsFirst } from '../channel-order.ts';
import type { TfOp } from '../tf-op.ts';
import { windowOf } from '../window.ts';
import type { Translators } from '../translator.ts';

const maxPool = (op: TfOp, b: Builder): Value => {
  const format = formatOf(op);
  const attrs = { ...windowOf(op, format), kernel: spatialOf(op.ints('ksize'), format) };
  return withChannelsFirst(b, op.input(0), format, x => b.add(MaxPool, [x], attrs));
};

const avgPool = (op: TfOp, b: Builder): Value => {
  const format = formatOf(op);
  const attrs = { ...windowOf(op, format), kernel: spatialOf(op.ints('ksize'), format), 'exclude-pad': true };
  return withChannelsFirst(b, op.input(0), format, x => b.add(AvgPool, [x], attrs));
};

export const pooling: Translators = {
  MaxPool: maxPool,
  MaxPool3D: maxPool,
  AvgPool: avgPool,
  AvgPool3D: avgPool,
};
