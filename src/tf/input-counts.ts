import { DecantError } from '../errors.ts';
import type { TfNode } from './model.ts';

/** Ops by the number of their data inputs. Not here: ops whose attributes, or preparation, set it. */
const OPS_BY_COUNT: readonly (readonly [number, string])[] = [
  [
    0,
    `
    Const FIFOQueue FIFOQueueV2 Iterator IteratorV2 MutableHashTable MutableHashTableV2 OneShotIterator
    Placeholder
  `,
  ],
  [
    1,
    `
    Abs Acos Acosh Addons>Gelu Angle AsString Asin Asinh Atan Atanh AudioSpectrogram AvgPool AvgPool3D
    BatchMatrixInverse Bucketize Cast Ceil CheckNumerics CheckNumericsV2 ComplexAbs Conj Cos Cosh
    DataFormatDimMap DataFormatVecPermute DecodeBmp DecodeGif DecodeImage DecodeJpeg DecodePng DecodeRaw
    DecodeWav DeepCopy DepthToSpace Elu Empty EnsureShape Erf Erfc Exp Expm1 ExtractImagePatches
    ExtractJpegShape FFT FFT2D FFT3D FakeQuantWithMinMaxArgs Floor HSVToRGB IFFT IFFT2D IFFT3D Identity Imag Inv
    Invert InvertPermutation IsFinite IsInf IsNan IteratorGetNext L2Loss LRN LeakyRelu Log Log1p LogSoftmax
    LogicalNot MatrixDiag MatrixDiagPart
    MatrixInverse MaxPool MaxPool3D MaxPoolWithArgmax Mish Neg OnesLike PlaceholderWithDefault PreventGradient
    QueueDequeue QueueDequeueV2 RGBToHSV RandomShuffle RandomStandardNormal RandomUniform Rank Real Reciprocal
    Relu Relu6 Rint Round Rsqrt Selu Shape Sigmoid Sign Sin Sinh Size Snapshot Softmax Softplus Softsign
    SpaceToDepth Sqrt Square Squeeze StaticRegexFullMatch StaticRegexReplace StopGradient StringLength
    StringLower StringToHashBucketFast StringToNumber StringUpper Swish Tan Tanh
    ToBool TopK TruncatedNormal Unique UniqueWithCounts Unpack Where ZerosLike
  `,
  ],
  [
    2,
    `
    Add AddV2 AdjustContrastv2 AdjustHue AdjustSaturation All Any ApproximateEqual ArgMax ArgMin Assign
    AssignAdd AssignAddVariableOp AssignSub AssignSubVariableOp AssignVariableOp Atan2 BatchMatMul BatchMatMulV2
    BatchMatMulV3 BiasAdd BitwiseAnd BitwiseOr BitwiseXor BroadcastArgs BroadcastTo CTCGreedyDecoder Complex
    ConjugateTranspose Conv2D Conv3D Cumsum DecodeAndCropJpeg DepthwiseConv2dNative Div DivNoNan
    DynamicPartition EmptyTensorList Equal EuclideanNorm ExpandDims Fill FloorDiv FloorMod Gather GatherNd
    Greater GreaterEqual IRFFT IRFFT2D IRFFT3D LeftShift Less LessEqual ListDiff LogicalAnd LogicalOr LogicalXor
    LowerBound MatMul MatrixSetDiag Max Maximum Mean Mfcc Min Minimum MirrorPad Mod Mul MulNoNan Multinomial
    NotEqual Pad Pow Prelu Prod QueueDequeueMany QueueDequeueManyV2 QueueDequeueUpTo QueueDequeueUpToV2 RFFT
    RFFT2D RFFT3D RandomGamma RealDiv Reshape ResizeArea ResizeBicubic ResizeBilinear ResizeNearestNeighbor
    Reverse ReverseSequence ReverseV2 RightShift SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum Split
    SquaredDifference StatelessRandomNormal StatelessRandomUniform StatelessTruncatedNormal StringSplit
    StringSplitV2 Sub Sum
    Tile TopKV2 Transpose TruncateDiv
    TruncateMod UniqueV2 UniqueWithCountsV2 UnravelIndex UpperBound Xdivy XlaDotV2 Xlog1py Xlogy
  `,
  ],
  [
    3,
    `
    BatchToSpaceND ClipByValue Conv2DBackpropInput Conv3DBackpropInputV2
    FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel GatherV2 LinSpace
    MatrixBandPart MatrixDiagPartV2 MatrixDiagPartV3
    MatrixSetDiagV2 MatrixSetDiagV3 MaxPoolV2 NonMaxSuppression PadV2 RandomUniformInt Range Roll ScatterNd
    Select SelectV2 Slice SpaceToBatchND
    SparseReshape SplitV StatelessMultinomial Substr
    TensorScatterAdd TensorScatterMax TensorScatterMin TensorScatterSub
    TensorScatterUpdate UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
  `,
  ],
  [
    4,
    `
    Addons>GatherTree CTCLoss CropAndResize GatherTree NonMaxSuppressionV2 OneHot ScaleAndTranslate
    SparseFillEmptyRows SparseTensorDenseAdd SparseTensorDenseMatMul StatelessRandomNormalV2
    StatelessRandomUniformInt StatelessRandomUniformV2 StatelessTruncatedNormalV2 StridedSlice

  `,
  ],
  [
    5,
    `
    FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 MatrixDiagV2 MatrixDiagV3 NonMaxSuppressionV3
    NonMaxSuppressionV4 SparseBincount
  `,
  ],
  [
    6,
    `
    CombinedNonMaxSuppression GRUBlockCell NonMaxSuppressionV5 StatelessRandomUniformIntV2
  `,
  ],
  [
    7,
    `
    XlaConvV2
  `,
  ],
  [
    8,
    `
    LSTMBlockCell
  `,
  ],
  [
    9,
    `
    BlockLSTM BlockLSTMV2
  `,
  ],
];

const COUNTS = new Map(
  OPS_BY_COUNT.flatMap(([count, ops]) =>
    ops
      .trim()
      .split(/\s+/)
      .map(op => [op, count] as const),
  ),
);

/** @throws DecantError `malformed` if `node` does not have the inputs that its op takes */
export function checkInputCount({ op }: TfNode, count: number): void {
  const needed = COUNTS.get(op);
  if (needed !== undefined && needed !== count)
    throw new DecantError('malformed', `${op} has ${count} inputs, but needs ${needed}`);
}
