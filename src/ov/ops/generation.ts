import { type Dim, dimCeilDiv, dimSub, freshDim } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { elementType } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { generate } from './support/evaluate.ts';

/** Inputs: start, stop, step, as scalars. */
export const Range = defineOp({
  type: 'Range',
  opset: 'opset4',
  attributes: { output_type: elementType() },
  infer: ([start, stop, step], { output_type }) => {
    const [from, to, by] = [start!, stop!, step!].map(value => scalarSize(value.partialValue, value.node.constant));
    const known = from !== undefined && to !== undefined && typeof by === 'number' && by !== 0;
    if (!known) return [{ type: output_type, shape: [freshDim()] }];
    if (typeof from === 'number' && typeof to === 'number') {
      return [{ type: output_type, shape: [Math.max(0, Math.ceil((to - from) / by))] }];
    }
    const count = by > 0 ? dimCeilDiv(dimSub(to, from), by) : dimCeilDiv(dimSub(from, to), -by);
    return [{ type: output_type, shape: [count] }];
  },
  evaluate: ([start, , step], _attrs, [out]) => {
    const [from, by] = [numbersOf(start!)[0]!, numbersOf(step!)[0]!];
    return [generate(out!, i => from + i * by)];
  },
});

const scalarSize = (contents: readonly Dim[] | undefined, constant: Parameters<typeof numbersOf>[0] | undefined) =>
  contents?.[0] ?? (constant === undefined ? undefined : numbersOf(constant)[0]);
