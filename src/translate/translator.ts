import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import type { TfOp } from './tf-op.ts';

/** OpenVINO values for one TensorFlow node: one for each of its outputs, in order. */
export type Translator = (op: TfOp, b: Builder) => Value | readonly Value[];

/** Translators by the TensorFlow ops they are for. */
export type Translators = Readonly<Record<string, Translator>>;
