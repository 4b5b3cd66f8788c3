import { DecantError, within } from '../../errors.ts';
import { lazy, map, message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import type { TfArg, TfFunction, TfGraph, TfNode } from '../model.ts';
import { attrValue, toAttrs } from './attr-value.ts';
import { findDataType } from './read-data-type.ts';

export const nodeDef = message('NodeDef', {
  name: one(1, 'string'),
  op: one(2, 'string'),
  input: repeated(3, 'string'),
  attr: map(5, attrValue),
});

const argDef = message('ArgDef', {
  name: one(1, 'string'),
  type: one(3, 'enum'),
  typeAttr: one(4, 'string'),
  numberAttr: one(5, 'string'),
  typeListAttr: one(6, 'string'),
});

const opDef = message('OpDef', {
  name: one(1, 'string'),
  inputArg: repeated(2, argDef),
  outputArg: repeated(3, argDef),
});

const functionDef = message('FunctionDef', {
  signature: optional(1, opDef),
  nodeDef: lazy(3, nodeDef),
  ret: map(4, 'string'),
});

export const graphDef = message('GraphDef', {
  node: repeated(1, nodeDef),
  library: optional(2, message('FunctionDefLibrary', { function: repeated(1, functionDef) })),
});

/** Function bodies are parsed on first use: a SavedModel has hundreds for saving and training. */
export const toGraph = (
  graph: RecordOf<typeof graphDef>,
): { readonly graph: TfGraph; readonly functions: ReadonlyMap<string, TfFunction> } => ({
  graph: toNodes(graph.node),
  functions: byName((graph.library?.function ?? []).map(toFunction), 'function'),
});

const toNodes = (defs: readonly RecordOf<typeof nodeDef>[]): TfGraph => byName(defs.map(toNode), 'node');

/** Saving nodes have one input per variable, some ten thousand; arguments of JavaScript functions end at a hundred thousand. */
const MAX_INPUTS = 2 ** 16;

export function toNode({ name, op, input, attr }: RecordOf<typeof nodeDef>): TfNode {
  if (op === '') throw new DecantError('malformed', `node '${name}' has no op`);
  if (input.length > MAX_INPUTS) {
    throw new DecantError('limit', `node '${name}' has ${input.length} inputs, the maximum is ${MAX_INPUTS}`);
  }
  return { name, op, inputs: input, attrs: toAttrs(attr, `node '${name}'`) };
}

function toFunction(def: RecordOf<typeof functionDef>): TfFunction {
  const { name, inputArg, outputArg } = def.signature ?? opDef.create();
  let nodes: TfGraph | undefined;
  return {
    name,
    inputs: inputArg.map(toArg),
    outputs: outputArg.map(toArg),
    get nodes() {
      return (nodes ??= within(`in function ${name}`, () => toNodes(def.nodeDef())));
    },
    returns: def.ret,
  };
}

const toArg = ({ name, type, typeAttr, numberAttr, typeListAttr }: RecordOf<typeof argDef>): TfArg => ({
  name,
  type: findDataType(type),
  typeAttr: typeAttr || undefined,
  numberAttr: numberAttr || undefined,
  typeListAttr: typeListAttr || undefined,
});

function byName<T extends { readonly name: string }>(items: readonly T[], kind: string): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const item of items) {
    if (item.name === '') throw new DecantError('malformed', `a ${kind} has no name`);
    if (named.has(item.name)) throw new DecantError('malformed', `two ${kind}s are named '${item.name}'`);
    named.set(item.name, item);
  }
  return named;
}
