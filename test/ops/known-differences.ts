/** Cases that differ from TensorFlow, and why. Nothing may crash. */
export interface KnownDifference {
  readonly cases: RegExp;
  readonly outcome: 'failed' | 'wrong';
  readonly text: RegExp;
  readonly why: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    cases: /Conv[23]D|DepthwiseConv2d/,
    outcome: 'failed',
    text: /Convolution|Reshape|SpaceToBatch/,
    why: 'OpenVINO convolves nothing only with a stride of 1',
  },
  {
    cases: /^Conv2D of groups$/,
    outcome: 'failed',
    text: /channels must match/,
    why: 'the number of groups follows from the number of channels',
  },
  {
    cases: /Conv2D.*EXPLICIT|DepthwiseConv2dNative.*EXPLICIT|SpaceToBatchND of one axis/,
    outcome: 'wrong',
    text: /element \d+ is .* instead of 0/,
    why: 'OpenVINO pads nothing with memory that was never written',
  },
  {
    cases:
      /Conv2DBackpropInput|Depthwise.* of one channel|Reshape|MatrixDiag|StridedSlice|DynamicStitch shapes|Complex|RaggedTensor|TopKV2/,
    outcome: 'wrong',
    text: /^out0 is \w+\[(?:[\d,]*\b0\b[\d,]*|1,3,9,3|1,7,3,3|2,2)\] instead of/,
    why: 'OpenVINO infers another size of an axis next to one of size 0',
  },
  {
    cases:
      /StridedSlice|MatrixSetDiag|SparseTensorDenseMatMul|Einsum|CropAndResize|BatchToSpaceND|DynamicStitch|Bincount|RaggedTensor|padded NonMax|Complex/,
    outcome: 'failed',
    text: /shape|Reshape|Select|Eltwise|infer|not initialized|non-existing|degenerate/i,
    why: 'OpenVINO broadcasts and reshapes nothing in fewer cases than TensorFlow, which does not check sizes without elements',
  },
  {
    cases: /SpaceToBatchND|BatchToSpaceND|DepthToSpace|SpaceToDepth|ExtractImagePatches|Pool/,
    outcome: 'failed',
    text: /./,
    why: 'OpenVINO requires elements',
  },
  {
    cases: /^FusedBatchNorm/,
    outcome: 'wrong',
    text: /instead of NaN/,
    why: 'TensorFlow returns NaN as statistics of no elements',
  },
  { cases: /^Mean /, outcome: 'wrong', text: /is 0 instead of NaN/, why: 'OpenVINO returns 0' },
  {
    cases: /^(?:UnsortedSegment)?(?:Max|Min) /,
    outcome: 'wrong',
    text: /214748364|3.4028234663852886e\+38 instead/,
    why: 'OpenVINO takes a finite number, of 32 bits, for the maximum or minimum of nothing',
  },
  {
    cases: /^ResizeArea align_corners/,
    outcome: 'wrong',
    text: /element/,
    why: 'OpenVINO rounds the scale twice: the last digits differ',
  },
  {
    cases: /growing in order/,
    outcome: 'wrong',
    text: /f32\[0,0\] instead of f32\[0,3\]/,
    why: 'a list without items does not know their size',
  },
];
