import { boolean, elementType, number, numbers, word } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { checkIntegers, checkRankOf } from './support/infer.ts';
import { autoPad, checkWindow, type Window, windowPositions } from './support/window.ts';

const rounding = word(['floor', 'ceil']);

function inferPool(
  x: Value,
  attrs: Window & { readonly kernel: readonly number[]; readonly rounding_type: string },
): Type {
  checkRankOf('the data of a pooling', x, 3, 5);
  checkWindow(attrs, x.shape.length - 2);
  checkIntegers('the kernel', attrs.kernel, x.shape.length - 2, 1);
  const ceil = attrs.rounding_type === 'ceil';
  const sizes = x.shape.slice(2).map((size, i) => windowPositions(size, attrs.kernel[i]!, i, attrs, ceil));
  return { type: x.type, shape: [x.shape[0]!, x.shape[1]!, ...sizes] };
}

const attributes = {
  strides: numbers(),
  pads_begin: numbers(),
  pads_end: numbers(),
  kernel: numbers(),
  rounding_type: rounding('floor'),
  auto_pad: autoPad('explicit'),
};

export const MaxPool = defineOp({
  type: 'MaxPool',
  opset: 'opset1',
  arity: 1,
  attributes,
  infer: ([x], attrs) => [inferPool(x!, attrs)],
});

export const MaxPoolWithIndices = defineOp({
  type: 'MaxPool',
  opset: 'opset8',
  arity: 1,
  attributes: {
    ...attributes,
    dilations: numbers(),
    index_element_type: elementType('i64'),
    axis: number(0),
  },
  infer: ([x], attrs) => {
    checkIntegers('the dilations', attrs.dilations, attrs.kernel.length, 1);
    const pooled = inferPool(x!, { ...attrs, kernel: attrs.kernel.map((k, i) => (k - 1) * attrs.dilations[i]! + 1) });
    return [pooled, { type: attrs.index_element_type, shape: pooled.shape }];
  },
});

export const AvgPool = defineOp({
  type: 'AvgPool',
  opset: 'opset1',
  arity: 1,
  attributes: { ...attributes, 'exclude-pad': boolean() },
  infer: ([x], attrs) => [inferPool(x!, attrs)],
});
