import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Multiply } from '../../ov/ops/elementwise.ts';
import { AvgPool, MaxPool, MaxPoolWithIndices } from '../../ov/ops/pooling.ts';
import { spatialOf, toChannelsFirst, toChannelsLast, withChannelsFirst } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { convert, reshape } from '../values.ts';
import { windowOf } from '../window.ts';

const formatOf = (op: TfOp): string => op.string('data_format', op.type.endsWith('3D') ? 'NDHWC' : 'NHWC');

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

/** Window and strides are inputs, which must be known. */
const maxPoolV2 = (op: TfOp, b: Builder): Value => {
  const format = formatOf(op);
  const auto_pad = op.string('padding') === 'VALID' ? 'valid' : 'same_upper';
  const kernel = spatialOf(op.integers(1, 'ksize'), format);
  const none = kernel.map(() => 0);
  const attrs = { kernel, strides: spatialOf(op.integers(2, 'strides'), format), pads_begin: none, pads_end: none };
  return withChannelsFirst(b, op.input(0), format, x => b.add(MaxPool, [x], { ...attrs, auto_pad }));
};

/** The largest elements, and where they stand in the flattened picture (and batch, if that is counted). */
function maxPoolWithArgmax(op: TfOp, b: Builder): readonly Value[] {
  const input = op.input(0);
  const window = windowOf(op, 'NHWC');
  const kernel = spatialOf(op.ints('ksize'), 'NHWC');
  const [pooled, places] = b.addAll(MaxPoolWithIndices, [toChannelsFirst(b, input)], {
    ...window,
    kernel,
    dilations: kernel.map(() => 1),
    index_element_type: 'i64',
    axis: 2,
  });
  const [batch, , , channels] = input.shape.map(dim => (typeof dim === 'number' ? dim : undefined));
  if (channels === undefined || (op.bool('include_batch_in_index', false) && batch !== 1)) {
    throw new DecantError('unsupported', 'MaxPoolWithArgmax of an unknown number of channels or pictures');
  }
  const channel = reshape(b, b.i64(...Array.from({ length: channels }, (_, i) => i)), 1, channels, 1, 1);
  const flat = b.add(Add, [b.add(Multiply, [places!, b.scalar('i64', channels)]), channel]);
  const type = op.elementType('Targmax', 'DT_INT64');
  return [toChannelsLast(b, pooled!), toChannelsLast(b, convert(b, flat, type))];
}

export const pooling: Translators = {
  MaxPool: maxPool,
  MaxPool3D: maxPool,
  MaxPoolV2: maxPoolV2,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  AvgPool: avgPool,
  AvgPool3D: avgPool,
};
