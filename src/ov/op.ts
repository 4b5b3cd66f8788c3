import type { AttributesInput, AttributesOf, Codecs } from './attributes.ts';
import type { Op } from './graph.ts';

/** Infers the type of the attributes from their codecs. */
export const defineOp = <C extends Codecs>(op: Op<C>): Op<C> => op;

export function complete<C extends Codecs>(op: Op<C>, given: AttributesInput<C>): AttributesOf<C> {
  const all: Record<string, unknown> = {};
  for (const [name, codec] of Object.entries(op.attributes)) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    all[name] = value === undefined ? codec.fallback : value;
  }
  return all as AttributesOf<C>;
}
