import { DecantError } from '../errors.ts';
import type { Translators } from './translator.ts';

export interface Refusal {
  /** Follows "X is not supported: " in the error and is a row of docs/supported-ops.md. */
  readonly reason: string;
  readonly remedy: string;
  readonly ops: readonly string[];
}

const FOR_INFERENCE = 'Export the model for inference, without dropout, augmentation and losses.';
const FOR_IMAGES = 'Export the model with the input type image_tensor, which takes decoded images.';
const WITHOUT_IT = 'Select outputs that do not depend on it, or pass your own translator to convertModel.';

export const REFUSALS: readonly Refusal[] = [
  {
    reason: 'OpenVINO generates different random numbers from the same seed',
    remedy: FOR_INFERENCE,
    ops: [
      'Multinomial',
      'RandomGamma',
      'RandomShuffle',
      'RandomStandardNormal',
      'RandomUniform',
      'RandomUniformInt',
      'StatelessMultinomial',
      'StatelessRandomNormal',
      'StatelessRandomNormalV2',
      'StatelessRandomUniform',
      'StatelessRandomUniformInt',
      'StatelessRandomUniformIntV2',
      'StatelessRandomUniformV2',
      'StatelessTruncatedNormal',
      'StatelessTruncatedNormalV2',
      'TruncatedNormal',
    ],
  },
  {
    reason: 'OpenVINO does not decode image files',
    remedy: FOR_IMAGES,
    ops: [
      'DecodeAndCropJpeg',
      'DecodeBmp',
      'DecodeGif',
      'DecodeImage',
      'DecodeJpeg',
      'DecodePng',
      'DecodeRaw',
      'DecodeWebP',
      'ExtractJpegShape',
    ],
  },
  {
    reason: 'OpenVINO does not parse training records',
    remedy: 'Export the model with the input type image_tensor.',
    ops: [
      'ParseExample',
      'ParseExampleV2',
      'ParseSingleExample',
      'ParseSingleSequenceExample',
      'ParseSequenceExampleV2',
    ],
  },
  {
    reason: 'input pipelines are not part of inference',
    remedy: 'Export the model for inference, with its images as an input.',
    ops: [
      'FIFOQueue',
      'FIFOQueueV2',
      'Iterator',
      'IteratorGetNext',
      'IteratorV2',
      'OneShotIterator',
      'QueueDequeue',
      'QueueDequeueMany',
      'QueueDequeueManyV2',
      'QueueDequeueUpTo',
      'QueueDequeueUpToV2',
      'QueueDequeueV2',
    ],
  },
  {
    reason: 'OpenVINO devices do not process strings',
    remedy: WITHOUT_IT,
    ops: [
      'AsString',
      'StaticRegexFullMatch',
      'StaticRegexReplace',
      'StringFormat',
      'StringJoin',
      'StringLength',
      'StringLower',
      'StringSplit',
      'StringSplitV2',
      'StringToHashBucketFast',
      'StringToNumber',
      'StringUpper',
      'Substr',
    ],
  },
  {
    reason: 'OpenVINO has no complex element types',
    remedy: WITHOUT_IT,
    ops: [
      'Angle',
      'Complex',
      'ComplexAbs',
      'Conj',
      'FFT',
      'FFT2D',
      'FFT3D',
      'IFFT',
      'IFFT2D',
      'IFFT3D',
      'IRFFT',
      'IRFFT2D',
      'IRFFT3D',
      'Imag',
      'RFFT',
      'RFFT2D',
      'RFFT3D',
      'Real',
    ],
  },
  {
    reason: 'decant converts image models, not sequence models',
    remedy: WITHOUT_IT,
    ops: [
      'Addons>GatherTree',
      'AudioSpectrogram',
      'BlockLSTM',
      'BlockLSTMV2',
      'CTCGreedyDecoder',
      'CTCLoss',
      'DecodeWav',
      'GRUBlockCell',
      'GatherTree',
      'LSTMBlockCell',
      'Mfcc',
    ],
  },
  {
    reason: 'OpenVINO has no sparse tensors',
    remedy: 'Make the tensor dense in the model (tf.sparse.to_dense), or pass your own translator to convertModel.',
    ops: ['SparseFillEmptyRows', 'SparseReshape', 'SparseTensorDenseAdd', 'SparseTensorDenseMatMul'],
  },
  {
    reason: 'OpenVINO has no variants, which hold ragged tensors in loops and maps',
    remedy: 'Pad the ragged tensor before the loop or map (RaggedTensor.to_tensor).',
    ops: ['RaggedTensorFromVariant', 'RaggedTensorToVariant', 'RaggedTensorToVariantGradient'],
  },
  {
    reason: 'tables cannot be filled during inference',
    remedy: 'Use a static table (tf.lookup.StaticHashTable).',
    ops: ['LookupTableInsert', 'LookupTableInsertV2', 'MutableHashTable', 'MutableHashTableV2'],
  },
  {
    reason: 'variables cannot change during inference',
    remedy: FOR_INFERENCE,
    ops: [
      'Assign',
      'AssignAdd',
      'AssignAddVariableOp',
      'AssignSub',
      'AssignSubVariableOp',
      'AssignVariableOp',
      'ResourceScatterAdd',
      'ResourceScatterDiv',
      'ResourceScatterMax',
      'ResourceScatterMin',
      'ResourceScatterMul',
      'ResourceScatterNdAdd',
      'ResourceScatterNdMax',
      'ResourceScatterNdMin',
      'ResourceScatterNdSub',
      'ResourceScatterNdUpdate',
      'ResourceScatterSub',
      'ResourceScatterUpdate',
      'ResourceStridedSliceAssign',
      'ScatterAdd',
      'ScatterDiv',
      'ScatterMax',
      'ScatterMin',
      'ScatterMul',
      'ScatterNdAdd',
      'ScatterNdSub',
      'ScatterNdUpdate',
      'ScatterSub',
      'ScatterUpdate',
      'StridedSliceAssign',
    ],
  },
  {
    reason: 'decant does not translate XLA programs',
    remedy: 'Export the model from JAX with jax2tf.convert(..., native_serialization=False, enable_xla=False).',
    ops: ['XlaCallModule', 'XlaConvV2', 'XlaDotV2'],
  },
  {
    reason: 'Python code is not part of the model file',
    remedy: 'Write that part of the model with TensorFlow ops.',
    ops: ['EagerPyFunc', 'PyFunc', 'PyFuncStateless'],
  },
];

/** These translators throw only when reached: a branch that is never taken may contain any of the ops. */
export const refused: Translators = Object.fromEntries(
  REFUSALS.flatMap(({ reason, remedy, ops }) =>
    ops.map(name => [
      name,
      op => {
        throw new DecantError('unsupported', `${op.type} is not supported: ${reason}`, { remedy });
      },
    ]),
  ),
);
