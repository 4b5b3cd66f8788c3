import type { Builder } from '../ov/builder.ts';
import type { Operand } from './operand.ts';
import type { TfOp } from './tf-op.ts';

/** What one TensorFlow node becomes: an operand for each of its outputs, in order. */
export type Translator = (op: TfOp, b: Builder) => Operand | readonly Operand[];

/** Translators by the TensorFlow ops they are for. */
export type Translators = Readonly<Record<string, Translator>>;
