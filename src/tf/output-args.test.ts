import { describe, expect, it } from 'vitest';
import { functionOf, int, node } from '../../test/support/tf-records.ts';
import { outputPosition } from './output-args.ts';

const NONE = new Map<string, never>();

describe('outputPosition', () => {
  it.each([
    ['Relu', 'activations', 0, 0],
    ['Split', 'output', 3, 3],
    ['TopKV2', 'indices', 0, 1],
    ['NonMaxSuppressionV5', 'valid_outputs', 0, 2],
    ['FusedBatchNormV3', 'reserve_space_3', 0, 5],
    ['Switch', 'output_true', 0, 1],
    ['TensorArrayV3', 'flow', 0, 1],
    ['toString', 'output', 1, 1],
  ])('of %s: %s:%i', (op, argument, k, position) => {
    expect(outputPosition(node('n', op), argument, k, NONE)).toBe(position);
  });

  it('of an op with a list before its last output', () => {
    const gather = node('n', 'RaggedGather', [], { OUTPUT_RAGGED_RANK: int(2) });
    expect(outputPosition(gather, 'output_nested_splits', 1, NONE)).toBe(1);
    expect(outputPosition(gather, 'output_dense_values', 0, NONE)).toBe(2);
  });

  it('of a function call follows its outputs', () => {
    const functions = new Map([['f', functionOf('f', [], { first: 'a', second: 'b' })]]);
    expect(outputPosition(node('n', 'f'), 'second', 0, functions)).toBe(1);
    expect(() => outputPosition(node('n', 'f'), 'third', 0, functions)).toThrow(`f 'n' has no output 'third'`);
  });

  it('rejects an output that the op does not have', () => {
    expect(() => outputPosition(node('n', 'Unique'), 'count', 0, NONE)).toThrow(
      expect.objectContaining({ code: 'malformed', message: `Unique 'n' has no output 'count'` }) as unknown,
    );
  });
});
