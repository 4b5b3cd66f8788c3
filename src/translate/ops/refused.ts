import { DecantError } from '../../errors.ts';
import type { Translator, Translators } from '../translator.ts';

/** Ops that have a place in no detector's inference, with what to do about them. */
const refuse =
  (why: string, remedy: string): Translator =>
  op => {
    throw new DecantError('unsupported', `${op.type} ${why}`, { remedy });
  };

const random = refuse(
  'draws random numbers, and OpenVINO draws others from the same seed',
  'Export the model for inference: dropout and augmentation are parts of training.',
);

const decoding = refuse(
  'decodes picture files, which OpenVINO does not',
  'Export the model with the input type image_tensor, which takes decoded pictures.',
);

export const refused: Translators = {
  Multinomial: random,
  RandomStandardNormal: random,
  RandomUniform: random,
  RandomUniformInt: random,
  StatelessRandomUniformV2: random,
  TruncatedNormal: random,
  DecodeBmp: decoding,
  DecodeGif: decoding,
  DecodeImage: decoding,
  DecodeJpeg: decoding,
  DecodePng: decoding,
  ParseExampleV2: refuse('reads training records', 'Export the model with the input type image_tensor.'),
};
