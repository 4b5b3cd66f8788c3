import { text } from '../attributes.ts';
import type { Op, Type } from '../graph.ts';
import { defineOp } from '../op.ts';

/** Defines an op of an IR that decant does not support: its attributes are text, its types those of its output ports. */
export const unknownOp = (type: string, opset: string, attributes: readonly string[], types: readonly Type[]): Op =>
  defineOp({
    type,
    opset,
    attributes: Object.fromEntries(attributes.map(name => [name, text()])),
    infer: () => types,
  });
