import { freshDim } from '../../tensor/dim.ts';
import { boolean, elementType, number, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { axisOf, checkRankOf } from './support/infer.ts';

/**
 * Inputs: boxes [N, B, 4], scores [N, C, B], maximum boxes per class, IoU threshold, score threshold and, for soft NMS,
 * sigma. Outputs: indices [K, 3] = batch, class, box; scores [K, 3] = batch, class, score; the number of boxes [1].
 */
export const NonMaxSuppression = defineOp({
  type: 'NonMaxSuppression',
  opset: 'opset9',
  arity: [3, 6],
  attributes: {
    box_encoding: word(['corner', 'center'])('corner'),
    sort_result_descending: boolean(true),
    output_type: elementType('i64'),
  },
  infer: ([boxes, scores], { output_type }) => {
    checkRankOf('the boxes of NonMaxSuppression', boxes!, 3);
    checkRankOf('the scores of NonMaxSuppression', scores!, 3);
    const count = freshDim();
    return [
      { type: output_type, shape: [count, 3] },
      { type: 'f32', shape: [count, 3] },
      { type: output_type, shape: [1] },
    ];
  },
});

export const TopK = defineOp({
  type: 'TopK',
  opset: 'opset11',
  arity: 2,
  attributes: {
    axis: number(),
    mode: word(['max', 'min'])('max'),
    sort: word(['value', 'index', 'none'])('value'),
    index_element_type: elementType('i32'),
    stable: boolean(false),
  },
  infer: ([x, k], { axis, index_element_type }) => {
    checkRankOf('the data of TopK', x!, 1, Infinity);
    checkRankOf('the number of TopK', k!, 0, 1);
    const along = axisOf(axis, x!.shape.length);
    const count = k!.partialValue?.[0] ?? freshDim();
    const shape = x!.shape.map((dim, i) => (i === along ? count : dim));
    return [
      { type: x!.type, shape },
      { type: index_element_type, shape },
    ];
  },
});
