import { type Dim, dimAdd, dimFloorDiv, dimMul, dimSub, freshDim, type Shape } from '../../tensor/dim.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { axesOf, knownIntegers, shapeMismatch } from './support/infer.ts';

/**
 * Fourier transforms along some axes. Complex numbers are pairs along a last axis of size 2, which is not counted by negative
 * axes. The optional signal size, one number per axis, crops the data or fills it with zeros; -1 keeps the size.
 */

/** The shape of the transformed signal, without the axis of pairs; the last of the axes is resized by `last`. */
function transformed(inputs: readonly Value[], signal: Shape, type: string, last: (size: Dim) => Dim): Shape {
  const axes = axesOf(knownIntegers(inputs[1]!, `the axes of ${type}`), signal.length);
  const given = inputs[2] === undefined ? axes.map(() => -1) : (inputs[2].partialValue ?? axes.map(freshDim));
  if (given.length !== axes.length) throw shapeMismatch(`${type} needs a signal size per axis`);
  return signal.map((dim, i) => {
    const at = axes.lastIndexOf(i);
    if (at < 0) return dim;
    const isLast = at === axes.length - 1;
    const own = isLast && type === 'IRDFT' ? dimMul(dimSub(dim, 1), 2) : dim;
    const size = given[at] === -1 ? own : given[at]!;
    return isLast ? last(size) : size;
  });
}

function pairsOf([x]: readonly Value[], type: string): Shape {
  const pair = x!.shape.at(-1);
  if (x!.shape.length < 2 || (typeof pair === 'number' && pair !== 2)) {
    throw shapeMismatch(`${type} needs pairs of numbers along its last axis`);
  }
  return x!.shape.slice(0, -1);
}

const complexTransform = (type: string) =>
  defineOp({
    type,
    opset: 'opset7',
    arity: [2, 3],
    attributes: {},
    infer: inputs => {
      const shape = transformed(inputs, pairsOf(inputs, type), type, size => size);
      return [{ type: inputs[0]!.type, shape: [...shape, 2] }];
    },
  });

export const DFT = complexTransform('DFT');

export const IDFT = complexTransform('IDFT');

/** From real numbers to the first half of the spectrum along the last of the axes. */
export const RDFT = defineOp({
  type: 'RDFT',
  opset: 'opset9',
  arity: [2, 3],
  attributes: {},
  infer: inputs => {
    const half = (size: Dim): Dim => dimAdd(dimFloorDiv(size, 2), 1);
    return [{ type: inputs[0]!.type, shape: [...transformed(inputs, inputs[0]!.shape, 'RDFT', half), 2] }];
  },
});

/** From the first half of the spectrum along the last of the axes to real numbers. */
export const IRDFT = defineOp({
  type: 'IRDFT',
  opset: 'opset9',
  arity: [2, 3],
  attributes: {},
  infer: inputs => [
    { type: inputs[0]!.type, shape: transformed(inputs, pairsOf(inputs, 'IRDFT'), 'IRDFT', size => size) },
  ],
});
