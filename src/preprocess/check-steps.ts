import {
  atLeast,
  type Check,
  type ChecksOf,
  either,
  exactly,
  integer,
  listOf,
  number,
  oneOf,
  optionsOf,
  recordOf,
  text,
} from '../check.ts';
import { kind } from '../check.ts';
import { isElementType } from '../tensor/element-type.ts';
import {
  COLORS,
  FITS,
  type InputSteps,
  LAYOUTS,
  type Margins,
  type OutputSteps,
  type Preprocessing,
  RESIZES,
} from './steps.ts';

const margins = exactly<Margins>({ left: integer, top: integer, right: integer, bottom: integer });

const perChannel = either('a number or a list of numbers', number, listOf(number));

const elementType = kind('an element type', value => typeof value === 'string' && isElementType(value));

const input: ChecksOf<InputSteps> = {
  name: text,
  type: elementType,
  layout: oneOf(...LAYOUTS),
  color: oneOf(...COLORS),
  size: exactly({ height: atLeast(1), width: atLeast(1) }),
  crop: margins,
  pad: margins,
  padValue: number,
  resize: oneOf(...RESIZES),
  fit: oneOf(...FITS),
  mean: perChannel,
  scale: perChannel,
};

const output: ChecksOf<OutputSteps> = { type: elementType, order: listOf(integer) };

export const PREPROCESSING: Check = optionsOf<Preprocessing>({
  input: optionsOf(input),
  outputs: recordOf(optionsOf(output)),
});
