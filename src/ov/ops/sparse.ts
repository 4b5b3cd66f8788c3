import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import { defineOp } from '../op.ts';
import { generate } from './support/evaluate.ts';
import { shapeMismatch, unifyDims } from './support/infer.ts';

/** Inputs: rows [R, ...], indices of rows [N, K] and, optionally, their weights [N, K]. Output: sums of K rows [N, ...]. */
export const EmbeddingBagPackedSum = defineOp({
  type: 'EmbeddingBagPackedSum',
  opset: 'opset3',
  arity: [2, 3],
  attributes: {},
  infer: ([rows, indices, weights]) => {
    if (rows!.shape.length === 0 || indices!.shape.length !== 2)
      throw shapeMismatch('EmbeddingBagPackedSum needs rows, and indices of two dimensions');
    const [count, taps] = indices!.shape;
    if (weights !== undefined && weights.shape.length !== 2)
      throw shapeMismatch('EmbeddingBagPackedSum needs as many weights as indices');
    weights?.shape.forEach((size, i) => unifyDims(size, [count!, taps!][i]!, () => 'weights of EmbeddingBagPackedSum'));
    return [{ type: rows!.type, shape: [count!, ...rows!.shape.slice(1)] }];
  },
  evaluate: ([rows, indices, weights], _attrs, [out]) => {
    const row = sizeOf(rows!.shape.slice(1));
    const taps = indices!.shape[1]!;
    const values = numbersOf(rows!);
    const at = numbersOf(indices!);
    const scales = weights === undefined ? undefined : numbersOf(weights);
    if (at.some(index => !(index >= 0 && index < rows!.shape[0]!)))
      throw shapeMismatch(`an index of EmbeddingBagPackedSum is out of range for ${rows!.shape[0]!} rows`);
    return [
      generate(out!, i => {
        const first = Math.floor(i / row) * taps;
        let sum = 0;
        for (let k = first; k < first + taps; k++) sum += values[at[k]! * row + (i % row)]! * (scales?.[k] ?? 1);
        return sum;
      }),
    ];
  },
});
