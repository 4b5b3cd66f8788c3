import { type Dim, dimCeilDiv, dimSub, freshDim } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { elementType } from '../attributes.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { generate } from './support/evaluate.ts';

export const Range = defineOp({
  type: 'Range',
  opset: 'opset4',
  arity: 3,
  attributes: { output_type: elementType() },
  infer: ([start, stop, step], { output_type }) => {
    const from = scalarSize(start!);
    const to = scalarSize(stop!);
    const by = scalarSize(step!);
    const known = from !== undefined && to !== undefined && typeof by === 'number' && by !== 0;
    if (!known) return [{ type: output_type, shape: [freshDim()] }];
    if (typeof from === 'number' && typeof to === 'number') {
      return [{ type: output_type, shape: [Math.max(0, Math.ceil((to - from) / by))] }];
    }
    const count = by > 0 ? dimCeilDiv(dimSub(to, from), by) : dimCeilDiv(dimSub(from, to), -by);
    return [{ type: output_type, shape: [count] }];
  },
  evaluate: ([start, , step], _attrs, [out]) => {
    const from = numbersOf(start!)[0]!;
    const by = numbersOf(step!)[0]!;
    return [generate(out!, i => from + i * by)];
  },
});

const scalarSize = ({ partialValue, node: { constant } }: Value): Dim | undefined =>
  partialValue?.[0] ?? (constant === undefined ? undefined : numbersOf(constant)[0]);
