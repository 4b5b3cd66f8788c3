import { type Dim, dimAdd, dimFloorDiv, dimSub, type Shape } from '../../tensor/dim.ts';
import { allocate } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { number } from '../attributes.ts';
import type { StaticType, Type } from '../graph.ts';
import { defineOp } from '../op.ts';
import { gridOffsets, pick } from './kernels.ts';
import { axisOf, knownInteger, misfit, sizesFrom, stridesOf, unifyDims } from './rules.ts';

/** Ops that join values along an axis, and that cut them. */

/** Inputs: any number of values, joined along `axis`. */
export const Concat = defineOp({
  type: 'Concat',
  opset: 'opset1',
  attributes: { axis: number() },
  infer: (inputs, { axis }) => {
    const [first, ...others] = inputs;
    if (first === undefined) throw misfit('Concat needs an input');
    const along = axisOf(axis, first.shape.length);
    let shape: Shape = first.shape;
    for (const other of others) {
      if (other.shape.length !== shape.length) throw misfit('Concat of values of different ranks');
      if (other.type !== first.type) throw misfit(`Concat of ${first.type} and ${other.type}`);
      shape = shape.map((dim, i) =>
        i === along ? dimAdd(dim, other.shape[i]!) : unifyDims(dim, other.shape[i]!, () => `axis ${i} of Concat`),
      );
    }
    return [{ type: first.type, shape }];
  },
  evaluate: (inputs, { axis }, [out]) => {
    const along = axisOf(axis, out!.shape.length);
    const outer = sizeOf(out!.shape.slice(0, along));
    const data = allocate(out!.type, sizeOf(out!.shape));
    const sources = inputs.map(input => input.data);
    const blocks = inputs.map(input => sizeOf(input.shape.slice(along)));
    let to = 0;
    for (let i = 0; i < outer; i++) {
      sources.forEach((source, k) => {
        const block = blocks[k]!;
        for (let j = 0; j < block; j++) data[to++] = source[i * block + j]!;
      });
    }
    return [{ type: out!.type, shape: out!.shape, data }];
  },
  moves: 'all',
});

/** Inputs: data, axis. The axis is cut into `num_splits` equal parts. */
export const Split = defineOp({
  type: 'Split',
  opset: 'opset1',
  attributes: { num_splits: number() },
  infer: ([x, axis], { num_splits }): readonly Type[] => {
    const along = axisOf(knownInteger(axis!, 'the axis of Split'), x!.shape.length);
    const size = x!.shape[along]!;
    if (typeof size === 'number' && size % num_splits !== 0) throw misfit(`${size} does not split in ${num_splits}`);
    const part = { type: x!.type, shape: x!.shape.map((dim, i) => (i === along ? dimFloorDiv(dim, num_splits) : dim)) };
    return new Array<Type>(num_splits).fill(part);
  },
  evaluate: ([x, axis], _attrs, types) => {
    const along = axisOf(numbersOf(axis!)[0]!, x!.shape.length);
    return splitAt(x!, along, types);
  },
  moves: 'first',
});

/** Inputs: data, axis, lengths (-1 once for what is left). */
export const VariadicSplit = defineOp({
  type: 'VariadicSplit',
  opset: 'opset1',
  attributes: {},
  infer: ([x, axis, lengths]): readonly Type[] => {
    const along = axisOf(knownInteger(axis!, 'the axis of VariadicSplit'), x!.shape.length);
    const sizes = sizesFrom(lengths!);
    const known = sizes.filter(size => size !== -1).reduce<Dim>(dimAdd, 0);
    const rest = dimSub(x!.shape[along]!, known);
    return sizes.map(size => ({
      type: x!.type,
      shape: x!.shape.map((dim, i) => (i === along ? (size === -1 ? rest : size) : dim)),
    }));
  },
  evaluate: ([x, axis], _attrs, types) => splitAt(x!, axisOf(numbersOf(axis!)[0]!, x!.shape.length), types),
  moves: 'first',
});

function splitAt(x: Tensor, along: number, types: readonly StaticType[]): readonly Tensor[] {
  const strides = stridesOf(x.shape);
  let start = 0;
  return types.map(({ shape }) => {
    const offsets = gridOffsets(shape, strides, start * strides[along]!);
    start += shape[along]!;
    return pick(x, offsets, shape);
  });
}
