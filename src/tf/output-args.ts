import { DecantError } from '../errors.ts';
import { attrInt } from './attrs.ts';
import type { TfFunction, TfNode } from './model.ts';

/** Output arguments of ops that have several; none of them is a list, except for the first ones of `LISTS`. */
const OUTPUT_ARGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ApproxTopK', ['values', 'indices']],
  ['BlockLSTM', ['i', 'cs', 'f', 'o', 'ci', 'co', 'h']],
  ['BlockLSTMV2', ['i', 'cs', 'f', 'o', 'ci', 'co', 'h']],
  ['CombinedNonMaxSuppression', ['nmsed_boxes', 'nmsed_scores', 'nmsed_classes', 'valid_detections']],
  ['CTCGreedyDecoder', ['decoded_indices', 'decoded_values', 'decoded_shape', 'log_probability']],
  ['DenseToDenseSetOperation', ['result_indices', 'result_values', 'result_shape']],
  ['FusedBatchNorm', ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2']],
  ['FusedBatchNormV2', ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2']],
  ['FusedBatchNormV3', ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2', 'reserve_space_3']],
  ['GenerateBoundingBoxProposals', ['rois', 'roi_probabilities']],
  ['GRUBlockCell', ['r', 'u', 'c', 'h']],
  ['ListDiff', ['out', 'idx']],
  ['LookupTableExport', ['keys', 'values']],
  ['LookupTableExportV2', ['keys', 'values']],
  ['LSTMBlockCell', ['i', 'cs', 'f', 'o', 'ci', 'co', 'h']],
  ['MaxPoolWithArgmax', ['output', 'argmax']],
  ['Merge', ['output', 'value_index']],
  ['NonMaxSuppressionV4', ['selected_indices', 'valid_outputs']],
  ['NonMaxSuppressionV5', ['selected_indices', 'selected_scores', 'valid_outputs']],
  ['QuantizeV2', ['output', 'output_min', 'output_max']],
  ['RaggedGather', ['output_nested_splits', 'output_dense_values']],
  ['RaggedRange', ['rt_nested_splits', 'rt_dense_values']],
  ['RaggedTensorToSparse', ['sparse_indices', 'sparse_values', 'sparse_dense_shape']],
  ['RefMerge', ['output', 'value_index']],
  ['RefSwitch', ['output_false', 'output_true']],
  ['SampleDistortedBoundingBox', ['begin', 'size', 'bboxes']],
  ['SampleDistortedBoundingBoxV2', ['begin', 'size', 'bboxes']],
  ['SoftmaxCrossEntropyWithLogits', ['loss', 'backprop']],
  ['SparseFillEmptyRows', ['output_indices', 'output_values', 'empty_row_indicator', 'reverse_index_map']],
  ['SparseReshape', ['output_indices', 'output_shape']],
  ['StatelessSampleDistortedBoundingBox', ['begin', 'size', 'bboxes']],
  ['Switch', ['output_false', 'output_true']],
  ['TensorArrayConcatV3', ['value', 'lengths']],
  ['TensorArrayV3', ['handle', 'flow']],
  ['TensorListConcat', ['tensor', 'lengths']],
  ['TensorListConcatV2', ['tensor', 'lengths']],
  ['TensorListPopBack', ['output_handle', 'tensor']],
  ['TopK', ['values', 'indices']],
  ['TopKV2', ['values', 'indices']],
  ['Unique', ['y', 'idx']],
  ['UniqueV2', ['y', 'idx']],
  ['UniqueWithCounts', ['y', 'idx', 'count']],
  ['UniqueWithCountsV2', ['y', 'idx', 'count']],
]);

/** Attributes that give the length of the first output argument. */
const LISTS: ReadonlyMap<string, string> = new Map([['RaggedGather', 'OUTPUT_RAGGED_RANK']]);

export function outputPosition(
  node: TfNode,
  argument: string,
  k: number,
  functions: ReadonlyMap<string, TfFunction>,
): number {
  const names = OUTPUT_ARGS.get(node.op) ?? functions.get(node.op)?.outputs.map(output => output.name);
  if (names === undefined) return k;
  const position = names.indexOf(argument);
  if (position < 0) throw new DecantError('malformed', `${node.op} '${node.name}' has no output '${argument}'`);
  const list = LISTS.get(node.op);
  return (list === undefined || position === 0 ? position : position - 1 + attrInt(node, list)) + k;
}
