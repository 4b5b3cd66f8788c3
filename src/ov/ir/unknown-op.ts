import { text } from '../attributes.ts';
import type { Op, Type } from '../graph.ts';
import { defineOp } from '../op.ts';

export const unknownOp = (type: string, opset: string, attributes: readonly string[], types: readonly Type[]): Op =>
  defineOp({
    type,
    opset,
    attributes: Object.fromEntries(attributes.map(name => [name, text()])),
    infer: () => types,
  });
