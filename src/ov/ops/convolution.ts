import { dimAdd, dimMul, dimSub, freshDim, type Shape } from '../../tensor/dim.ts';
import { numbers } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { checkIntegers, checkRankOf, shapeMismatch, sizesFrom, unifyDims } from './support/infer.ts';
import { autoPad, checkWindow, dilated, type Window, windowPositions } from './support/window.ts';

function inferConvolution(
  [data, filters]: readonly Value[],
  attrs: Window & { readonly dilations: readonly number[] },
  grouped: boolean,
): readonly Type[] {
  const skip = grouped ? 3 : 2;
  const spatial = data!.shape.length - 2;
  if (data!.type !== filters!.type)
    throw shapeMismatch(`the data is ${data!.type}, but the filters are ${filters!.type}`);
  if (spatial < 1 || filters!.shape.length !== spatial + skip) {
    throw shapeMismatch(
      `filters of ${filters!.shape.length} dimensions do not fit data of ${data!.shape.length} dimensions`,
    );
  }
  checkWindow(attrs, spatial);
  checkIntegers('the dilations', attrs.dilations, spatial, 1);
  const channels = grouped ? dimMul(filters!.shape[0]!, filters!.shape[2]!) : filters!.shape[1]!;
  unifyDims(data!.shape[1]!, channels, () => 'channels of data and filters');
  const out = grouped ? dimMul(filters!.shape[0]!, filters!.shape[1]!) : filters!.shape[0]!;
  const sizes = data!.shape
    .slice(2)
    .map((size, i) => windowPositions(size, dilated(filters!.shape[i + skip]!, attrs.dilations[i]!), i, attrs));
  return [{ type: data!.type, shape: [data!.shape[0]!, out, ...sizes] }];
}

/** Data is [N, C, spatial...], filters are [O, I, spatial...] (grouped: [G, O, I, spatial...]). */
const attributes = {
  strides: numbers(),
  dilations: numbers(),
  pads_begin: numbers(),
  pads_end: numbers(),
  auto_pad: autoPad('explicit'),
};

export const Convolution = defineOp({
  type: 'Convolution',
  opset: 'opset1',
  arity: 2,
  attributes,
  infer: (inputs, attrs) => inferConvolution(inputs, attrs, false),
});

export const GroupConvolution = defineOp({
  type: 'GroupConvolution',
  opset: 'opset1',
  arity: 2,
  attributes,
  infer: (inputs, attrs) => inferConvolution(inputs, attrs, true),
});

/** Inputs: data, filters [I, O, ...] (grouped: [G, I, O, ...]) and, optionally, the spatial shape of the output. */
function inferBackprop(
  [data, filters, output]: readonly Value[],
  attrs: Window & { readonly dilations: readonly number[]; readonly output_padding: readonly number[] },
  grouped: boolean,
): readonly Type[] {
  const skip = grouped ? 3 : 2;
  const rank = data!.shape.length - 2;
  checkRankOf('the data of a transposed convolution', data!, 3, 5);
  checkRankOf('the filters of a transposed convolution', filters!, rank + skip);
  checkWindow(attrs, rank);
  checkIntegers('the dilations', attrs.dilations, rank, 1);
  const out = grouped ? dimMul(filters!.shape[0]!, filters!.shape[2]!) : filters!.shape[1]!;
  const spatial: Shape =
    output !== undefined
      ? sizesOf(output, rank)
      : data!.shape.slice(2).map((size, i) => {
          if (attrs.auto_pad !== 'explicit' && attrs.auto_pad !== 'valid') return freshDim();
          const pads = attrs.auto_pad === 'valid' ? 0 : attrs.pads_begin[i]! + attrs.pads_end[i]!;
          const reach = dimAdd(
            dimMul(dimSub(size, 1), attrs.strides[i]!),
            dilated(filters!.shape[i + skip]!, attrs.dilations[i]!),
          );
          return dimAdd(dimSub(reach, pads), attrs.output_padding[i] ?? 0);
        });
  return [{ type: data!.type, shape: [data!.shape[0]!, out, ...spatial] }];
}

function sizesOf(output: Value, rank: number): Shape {
  const sizes = sizesFrom(output);
  if (sizes.length !== rank) throw shapeMismatch(`${sizes.length} output sizes do not fit ${rank} spatial axes`);
  return sizes;
}

const backpropAttributes = { ...attributes, output_padding: numbers([]) };

export const ConvolutionBackpropData = defineOp({
  type: 'ConvolutionBackpropData',
  opset: 'opset1',
  arity: [2, 3],
  attributes: backpropAttributes,
  infer: (inputs, attrs) => inferBackprop(inputs, attrs, false),
});

export const GroupConvolutionBackpropData = defineOp({
  type: 'GroupConvolutionBackpropData',
  opset: 'opset1',
  arity: [2, 3],
  attributes: backpropAttributes,
  infer: (inputs, attrs) => inferBackprop(inputs, attrs, true),
});
