import type { Builder } from '../ov/builder.ts';
import type { Operand } from './operand.ts';
import type { TfOp } from './tf-op.ts';

/** Translates one TensorFlow node with nodes added to `b`, and returns an operand per output, in order. */
export type Translator = (op: TfOp, b: Builder) => Operand | readonly Operand[];

/** Translators by TensorFlow op. */
export type Translators = Readonly<Record<string, Translator>>;
