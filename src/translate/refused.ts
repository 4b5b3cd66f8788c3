import { DecantError } from '../errors.ts';
import type { TfOp } from './tf-op.ts';
import type { Translators } from './translator.ts';

export interface Refusal {
  /** Follows "X is not supported: " in the error and is a row of docs/supported-ops.md. */
  readonly reason: string;
  readonly remedy: string;
  readonly ops: readonly string[];
}

const FOR_INFERENCE =
  'Export the model for inference: call it with training=False, without augmentation and losses. If it has a training flag, fix that with --freeze NAME=false.';
const FOR_IMAGES = 'Export the model with the input type image_tensor, which takes decoded images.';
const WITHOUT_IT =
  'Select outputs that do not depend on it with --output, or feed its result with --input, or pass your own translator to convertModel.';

const RANDOM = 'OpenVINO generates different random numbers from the same seed';

export const REFUSALS: readonly Refusal[] = [
  {
    reason: RANDOM,
    remedy: FOR_INFERENCE,
    ops: [
      'AnonymousRandomSeedGenerator',
      'Multinomial',
      'NonDeterministicInts',
      'ParameterizedTruncatedNormal',
      'RandomCrop',
      'RandomGamma',
      'RandomPoisson',
      'RandomPoissonV2',
      'RandomShuffle',
      'RandomStandardNormal',
      'RandomUniform',
      'RandomUniformInt',
      'RngReadAndSkip',
      'RngSkip',
      'SampleDistortedBoundingBox',
      'SampleDistortedBoundingBoxV2',
      'StatefulRandomBinomial',
      'StatefulStandardNormalV2',
      'StatefulTruncatedNormal',
      'StatefulUniform',
      'StatefulUniformFullInt',
      'StatefulUniformInt',
      'StatelessMultinomial',
      'StatelessParameterizedTruncatedNormal',
      'StatelessRandomBinomial',
      'StatelessRandomGammaV2',
      'StatelessRandomGammaV3',
      'StatelessRandomGetAlg',
      'StatelessRandomGetKeyCounter',
      'StatelessRandomGetKeyCounterAlg',
      'StatelessRandomNormal',
      'StatelessRandomNormalV2',
      'StatelessRandomPoisson',
      'StatelessRandomUniform',
      'StatelessRandomUniformFullInt',
      'StatelessRandomUniformFullIntV2',
      'StatelessRandomUniformInt',
      'StatelessRandomUniformIntV2',
      'StatelessRandomUniformV2',
      'StatelessSampleDistortedBoundingBox',
      'StatelessShuffle',
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
    reason: 'decant converts image models, not sequence models',
    remedy: WITHOUT_IT,
    ops: ['AudioSpectrogram', 'CTCLoss', 'DecodeWav', 'Mfcc'],
  },
  {
    reason: 'the weights of a GPU kernel have no documented order',
    remedy: 'Export the model on a machine without a GPU, with tf.keras.layers.LSTM or GRU.',
    ops: [
      'CudnnRNN',
      'CudnnRNNCanonicalToParams',
      'CudnnRNNCanonicalToParamsV2',
      'CudnnRNNParamsSize',
      'CudnnRNNParamsToCanonical',
      'CudnnRNNParamsToCanonicalV2',
      'CudnnRNNV2',
      'CudnnRNNV3',
    ],
  },
  {
    reason: 'OpenVINO has no variants, which hold ragged tensors in loops and maps',
    remedy: 'Pad the ragged tensor before the loop or map (RaggedTensor.to_tensor).',
    ops: ['RaggedTensorFromVariant', 'RaggedTensorToVariant', 'RaggedTensorToVariantGradient'],
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
    reason: 'only variables that CALL_ONCE sets to constants, and that do not change, can be read',
    remedy:
      'Convert the model to TensorFlow Lite again from a function that takes its state as inputs, and returns it as outputs.',
    ops: ['READ_VARIABLE', 'VAR_HANDLE'],
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

/** Layers that Keras runs in training only, as they appear in the names of their nodes. */
const TRAINING_LAYERS =
  /(?:^|\/)((?:random_(?:flip|rotation|zoom|crop|translation|contrast|brightness|height|width|shear|hue|saturation|invert|posterization|grayscale|color_jitter|erasing|perspective|sharpness|gaussian_blur|color_degeneration|elastic_transform)|(?:spatial_|alpha_|gaussian_)?dropout|gaussian_noise|rand_augment|aug_mix|cut_mix|mix_up)\w*)\//i;

function refusal({ type, node }: TfOp, { reason, remedy }: Refusal): DecantError {
  const layer = reason === RANDOM ? TRAINING_LAYERS.exec(node.name)?.[1] : undefined;
  const why =
    layer === undefined ? reason : `it is part of '${layer}', which augments images or drops values in training`;
  return new DecantError('unsupported', `${type} is not supported: ${why}`, { remedy });
}

/** These translators throw only when reached: a branch that is never taken may contain any of the ops. */
export const refused: Translators = Object.fromEntries(
  REFUSALS.flatMap(each =>
    each.ops.map(name => [
      name,
      op => {
        throw refusal(op, each);
      },
    ]),
  ),
);
