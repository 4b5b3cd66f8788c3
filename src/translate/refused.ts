import { DecantError } from '../errors.ts';
import type { Translators } from './translator.ts';

/** Ops that have a place in no detector's inference, with what to do about them. */
export interface Refusal {
  /** What follows the op's name. */
  readonly why: string;
  readonly remedy: string;
  readonly ops: readonly string[];
}

const FOR_INFERENCE = 'Export the model for inference: dropout, augmentation and losses are parts of training.';
const FOR_PICTURES = 'Export the model with the input type image_tensor, which takes decoded pictures.';
const WITHOUT_IT = 'Name outputs that come before it, or give a translator of your own to convertModel.';

export const REFUSALS: readonly Refusal[] = [
  {
    why: 'draws random numbers, and OpenVINO draws others from the same seed',
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
    why: 'decodes picture files, which OpenVINO does not',
    remedy: FOR_PICTURES,
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
    why: 'reads training records',
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
    why: 'is a part of reading data sets',
    remedy: 'Export the model for inference, with its pictures as an input.',
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
    why: 'handles texts, which devices cannot',
    remedy: WITHOUT_IT,
    ops: [
      'AsString',
      'RaggedTensorToSparse',
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
    why: 'computes with complex numbers, which OpenVINO has as pairs alone',
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
    why: 'is of models that read sequences, not pictures',
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
    why: 'takes sparse tensors, which OpenVINO does not have',
    remedy:
      'Make the tensor dense in the model (tf.sparse.to_dense), or give a translator of your own to convertModel.',
    ops: [
      'SparseFillEmptyRows',
      'SparseReshape',
      'SparseSegmentMean',
      'SparseSegmentSqrtN',
      'SparseSegmentSum',
      'SparseTensorDenseAdd',
      'SparseTensorDenseMatMul',
    ],
  },
  {
    why: 'is of a table that is filled while the model runs',
    remedy: 'Use a table that is filled once (tf.lookup.StaticHashTable).',
    ops: ['LookupTableInsert', 'LookupTableInsertV2', 'MutableHashTable', 'MutableHashTableV2'],
  },
  {
    why: 'changes a variable while the model runs',
    remedy: FOR_INFERENCE,
    ops: ['Assign', 'AssignAdd', 'AssignAddVariableOp', 'AssignSub', 'AssignSubVariableOp', 'AssignVariableOp'],
  },
  {
    why: "holds a program of JAX's compiler",
    remedy: 'Export the model from JAX with jax2tf.convert(..., native_serialization=False, enable_xla=False).',
    ops: ['XlaCallModule', 'XlaConvV2', 'XlaDotV2'],
  },
  {
    why: "calls Python, which is not part of the model's file",
    remedy: 'Write that part of the model with ops of TensorFlow.',
    ops: ['EagerPyFunc', 'PyFunc', 'PyFuncStateless'],
  },
];

/** They throw only when they are reached: a branch that no inference takes may hold any of them. */
export const refused: Translators = Object.fromEntries(
  REFUSALS.flatMap(({ why, remedy, ops }) =>
    ops.map(name => [
      name,
      op => {
        throw new DecantError('unsupported', `${op.type} ${why}`, { remedy });
      },
    ]),
  ),
);
