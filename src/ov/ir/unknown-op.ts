import { text } from '../attributes.ts';
import type { Op, Type } from '../graph.ts';
import { defineOp } from '../op.ts';

/**
 * An op that decant does not know, from an IR that somebody else wrote: its attributes are text, and its types are those
 * that stand on its ports.
 */
export const unknownOp = (type: string, opset: string, attributes: readonly string[], types: readonly Type[]): Op =>
  defineOp({
    type,
    opset,
    attributes: Object.fromEntries(attributes.map(name => [name, text()])),
    infer: () => types,
  });
