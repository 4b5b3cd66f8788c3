import { flag, numbers, scalar, table } from '../../../wire/flatbuffer.ts';
import { bool, int, ints, text, type } from '../lite-graph.ts';
import { type LiteTranslator, realType } from '../lite-op.ts';
import { direct } from './elementwise.ts';

const concatenation = table('ConcatenationOptions', { axis: scalar(0, 'int32'), activation: scalar(1, 'int8') });
const resizeBilinear = table('ResizeBilinearOptions', { alignsCorners: flag(2), halfPixelCenters: flag(3) });
const resizeNearest = table('ResizeNearestNeighborOptions', { alignsCorners: flag(0), halfPixelCenters: flag(1) });
const reshape = table('ReshapeOptions', { shape: numbers(0, 'int32') });
const blocks = table('options', { size: scalar(0, 'int32') });
const gather = table('GatherOptions', { axis: scalar(0, 'int32'), batchDims: scalar(1, 'int32') });
const squeeze = table('SqueezeOptions', { axes: numbers(0, 'int32') });
const split = table('SplitOptions', { count: scalar(0, 'int32') });
const pack = table('PackOptions', { count: scalar(0, 'int32'), axis: scalar(1, 'int32') });
const oneHot = table('OneHotOptions', { axis: scalar(0, 'int32') });
const mirrorPad = table('MirrorPadOptions', { mode: scalar(0, 'int8') });
const sequence = table('ReverseSequenceOptions', { axis: scalar(0, 'int32'), batchAxis: scalar(1, 'int32') });
const cumsum = table('CumsumOptions', { exclusive: flag(0), reverse: flag(1) });
const stridedSlice = table('StridedSliceOptions', {
  begin_mask: scalar(0, 'int32'),
  end_mask: scalar(1, 'int32'),
  ellipsis_mask: scalar(2, 'int32'),
  new_axis_mask: scalar(3, 'int32'),
  shrink_axis_mask: scalar(4, 'int32'),
});

const inBlocks = (op: string): LiteTranslator => direct(op, lite => ({ block_size: int(lite.options(blocks).size) }));

const resize =
  (tfOp: string, options: typeof resizeNearest): LiteTranslator =>
  (op, graph) => {
    const { alignsCorners, halfPixelCenters } = op.options(options);
    const attrs = { align_corners: bool(alignsCorners), half_pixel_centers: bool(halfPixelCenters) };
    return graph.add(tfOp, [op.input(0), op.input(1)], attrs);
  };

const nonMaxSuppression = (op: string): LiteTranslator =>
  direct(op, lite => ({ T: realType(lite.tensor(0)), pad_to_max_output_size: bool(true) }));

const outputTyped = (op: string): LiteTranslator => direct(op, lite => ({ output_type: type(lite.output(0).dtype) }));

export const movement: Readonly<Record<string, LiteTranslator>> = {
  ARG_MAX: outputTyped('ArgMax'),
  ARG_MIN: outputTyped('ArgMin'),
  BATCH_TO_SPACE_ND: direct('BatchToSpaceND'),
  BROADCAST_ARGS: direct('BroadcastArgs'),
  BROADCAST_TO: direct('BroadcastTo'),
  CONCATENATION: (op, graph) => {
    const { axis, activation } = op.options(concatenation);
    const joined = graph.add('ConcatV2', [...op.all(), graph.integers(axis)], {
      N: int(op.inputs.length),
      T: realType(op.output(0)),
    });
    return op.activated(joined, activation);
  },
  CUMSUM: direct('Cumsum', op => {
    const { exclusive, reverse } = op.options(cumsum);
    return { exclusive: bool(exclusive), reverse: bool(reverse) };
  }),
  DENSIFY: (op, graph) => graph.add('Identity', [op.input(0)]),
  DEPTH_TO_SPACE: inBlocks('DepthToSpace'),
  EMBEDDING_LOOKUP: (op, graph) => graph.add('GatherV2', [op.input(1), op.input(0), graph.number(0, 'DT_INT32')]),
  EXPAND_DIMS: direct('ExpandDims'),
  FILL: direct('Fill'),
  GATHER: (op, graph) => {
    const { axis, batchDims } = op.options(gather);
    const inputs = [op.input(0), op.input(1), graph.number(axis, 'DT_INT32')];
    return graph.add('GatherV2', inputs, { batch_dims: int(batchDims) });
  },
  GATHER_ND: direct('GatherNd'),
  MATRIX_DIAG: direct('MatrixDiag'),
  MATRIX_SET_DIAG: direct('MatrixSetDiag'),
  MIRROR_PAD: direct('MirrorPad', op => ({
    mode: text(op.options(mirrorPad).mode === 0 ? 'REFLECT' : 'SYMMETRIC'),
  })),
  NON_MAX_SUPPRESSION_V4: nonMaxSuppression('NonMaxSuppressionV4'),
  NON_MAX_SUPPRESSION_V5: nonMaxSuppression('NonMaxSuppressionV5'),
  ONE_HOT: direct('OneHot', op => ({ axis: int(op.options(oneHot).axis) })),
  PACK: direct('Pack', op => ({ N: int(op.inputs.length), axis: int(op.options(pack).axis) })),
  PAD: direct('Pad'),
  PADV2: direct('PadV2'),
  RANGE: direct('Range'),
  RANK: direct('Rank'),
  RESHAPE: (op, graph) => {
    const shape = op.has(1) ? op.input(1) : graph.integers(...(op.options(reshape).shape ?? []));
    return graph.add('Reshape', [op.input(0), shape], { T: realType(op.output(0)) });
  },
  RESIZE_BILINEAR: resize('ResizeBilinear', resizeBilinear),
  RESIZE_NEAREST_NEIGHBOR: resize('ResizeNearestNeighbor', resizeNearest),
  REVERSE_SEQUENCE: direct('ReverseSequence', op => {
    const { axis, batchAxis } = op.options(sequence);
    return { seq_dim: int(axis), batch_dim: int(batchAxis) };
  }),
  REVERSE_V2: direct('ReverseV2'),
  SCATTER_ND: direct('ScatterNd'),
  SEGMENT_SUM: direct('SegmentSum'),
  SHAPE: direct('Shape', op => ({ out_type: type(op.output(0).dtype) })),
  SLICE: direct('Slice'),
  SPACE_TO_BATCH_ND: direct('SpaceToBatchND'),
  SPACE_TO_DEPTH: inBlocks('SpaceToDepth'),
  SPARSE_TO_DENSE: direct('SparseToDense'),
  SPLIT: direct('Split', op => ({ num_split: int(op.options(split).count) })),
  SPLIT_V: direct('SplitV', op => ({ num_split: int(op.options(split).count) })),
  SQUEEZE: direct('Squeeze', op => ({ squeeze_dims: ints(op.options(squeeze).axes ?? []) })),
  STRIDED_SLICE: direct('StridedSlice', op => {
    const masks = Object.entries(op.options(stridedSlice));
    return Object.fromEntries(masks.map(([name, mask]) => [name, int(mask)]));
  }),
  TILE: direct('Tile'),
  TOPK_V2: direct('TopKV2', op => ({ T: realType(op.tensor(0)) })),
  TRANSPOSE: direct('Transpose'),
  UNIQUE: direct('Unique', op => ({ out_idx: type(op.output(1).dtype) })),
  UNPACK: direct('Unpack', op => ({
    num: int(op.options(pack).count),
    axis: int(op.options(pack).axis),
  })),
  UNSORTED_SEGMENT_MAX: direct('UnsortedSegmentMax'),
  UNSORTED_SEGMENT_MIN: direct('UnsortedSegmentMin'),
  UNSORTED_SEGMENT_PROD: direct('UnsortedSegmentProd'),
  UNSORTED_SEGMENT_SUM: direct('UnsortedSegmentSum'),
  WHERE: direct('Where'),
};
