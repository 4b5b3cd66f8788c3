import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Divide, Multiply } from '../../../ov/ops/arithmetic.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { MaxPool, MaxPoolWithIndices } from '../../../ov/ops/pooling.ts';
import { ReduceProd } from '../../../ov/ops/reduction.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { convert, reshape } from '../../../ov/shorthand.ts';
import { isStatic } from '../../../tensor/dim.ts';
import { formatOf, spatialOf, toChannelsFirst, toChannelsLast, withChannelsFirst } from '../../channel-order.ts';
import type { TfOp } from '../../tf-op.ts';
import { windowOf } from '../../window.ts';
import type { Translators } from '../../translator.ts';

const maxPoolV2 = (op: TfOp, b: Builder): Value => {
  const format = formatOf(op);
  const auto_pad = op.string('padding') === 'VALID' ? 'valid' : 'same_upper';
  const kernel = spatialOf(op.integers(1, 'ksize'), format);
  const none = kernel.map(() => 0);
  const attrs = { kernel, strides: spatialOf(op.integers(2, 'strides'), format), pads_begin: none, pads_end: none };
  return withChannelsFirst(b, op.input(0), format, x => b.add(MaxPool, [x], { ...attrs, auto_pad }));
};

function maxPoolWithArgmax(op: TfOp, b: Builder): readonly Value[] {
  const input = op.input(0);
  const window = windowOf(op, 'NHWC');
  const kernel = spatialOf(op.ints('ksize'), 'NHWC');
  if (window.auto_pad === 'same_upper' && kernel.some(side => side > 2) && !isStatic(input.shape.slice(1, 3))) {
    // OpenVINO then puts all padding at the end.
    throw new DecantError(
      'unsupported',
      'MaxPoolWithArgmax with SAME padding on images of unknown size is not supported',
      {
        remedy: 'Fix the image size with --input-shape.',
      },
    );
  }
  const [pooled, positions] = b.addAll(MaxPoolWithIndices, [toChannelsFirst(b, input)], {
    ...window,
    kernel,
    dilations: kernel.map(() => 1),
    index_element_type: 'i64',
    axis: 2,
  });
  const sizes = b.add(ShapeOf, [input]);
  const sizeOf = (axis: number): Value => b.add(Gather, [sizes, b.scalar('i64', axis), b.scalar('i64', 0)]);
  const count = (n: Value, ...shape: readonly number[]): Value =>
    reshape(b, b.add(Range, [b.scalar('i64', 0), n, b.scalar('i64', 1)], { output_type: 'i64' }), ...shape);
  const channel = count(sizeOf(3), 1, -1, 1, 1);
  const inImage = b.add(Add, [b.add(Multiply, [positions!, sizeOf(3)]), channel]);
  const before = b.add(Multiply, [count(sizeOf(0), -1, 1, 1, 1), b.add(ReduceProd, [sizes, b.i64(0)])]);
  // Height * width * channels per preceding image: the total size divided by the batch size.
  const flat = op.bool('include_batch_in_index', false)
    ? b.add(Add, [inImage, b.add(Divide, [before, sizeOf(0)])])
    : inImage;
  const type = op.elementType('Targmax', 'DT_INT64');
  return [toChannelsLast(b, pooled!), toChannelsLast(b, convert(b, flat, type))];
}

export const pooling: Translators = {
  MaxPoolV2: maxPoolV2,
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
