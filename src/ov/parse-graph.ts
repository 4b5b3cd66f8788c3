import { DecantError } from '../errors.ts';
import { type Dim, freshDim, isStatic, symbol } from '../tensor/dim.ts';
import { parseDim } from '../tensor/parse-dim.ts';
import { packStrings } from '../tensor/strings.ts';
import { elementType, sizeOf, type Tensor, tensor, tensorOf } from '../tensor/tensor.ts';
import { readAttributes } from './attributes.ts';
import { Builder } from './builder.ts';
import type { Graph, Op, Type, Value } from './graph.ts';
import { unknownOp } from './ir/unknown-op.ts';
import { findOp } from './ops/index.ts';
import type { GraphText } from './print-graph.ts';
import { asMalformed } from './as-malformed.ts';

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const GRAPH = new RegExp(`^graph (${QUOTED})$`);
const INPUT = new RegExp(String.raw`^in (${QUOTED}) = %(\d+): (\S+)$`);
const CONSTANT = new RegExp(String.raw`^%(\d+) = Const(?: (${QUOTED}))? (\S+) (?:@(\d+)|\{(.*)\})$`);
const ATTRIBUTE = String.raw`([^\s="]+)=(${QUOTED})`;
const NODE = new RegExp(
  String.raw`^%(\d+) = ([^\s@]+)@(\S+)(?: (${QUOTED}))? \(([^)]*)\)((?: [^\s="]+=${QUOTED})*): (.*)$`,
);
const OUTPUT = new RegExp(String.raw`^out (${QUOTED}) = (%[\d.]+)$`);

interface Reading {
  readonly lines: readonly string[];
  readonly constants: readonly Tensor[];
  readonly unknowns: Map<string, Dim>;
  next: number;
}

/** The inverse of `printGraph`. Nodes are rebuilt, so constants fold. */
export function parseGraph({ text, constants }: GraphText): Graph {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const at: Reading = { lines, constants, unknowns: new Map(), next: 0 };
  const graph = parseBody(at);
  if (at.next !== lines.length) throw wrong(at);
  return graph;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function parseBody(at: Reading): Graph {
  const first = at.lines[at.next] ?? '';
  const indent = indentOf(first);
  const name = unquote(GRAPH.exec(first.trim())?.[1] ?? fail(at));
  at.next++;
  const b = new Builder();
  const inputs = new Map<string, Value>();
  const outputs = new Map<string, Value>();
  const values = new Map<string, readonly Value[]>();
  const valueOf = (reference: string): Value => {
    const [id, index] = reference.slice(1).split('.');
    return values.get(id!)?.[Number(index ?? 0)] ?? fail(at);
  };
  while (at.next < at.lines.length) {
    const line = at.lines[at.next]!;
    if (indentOf(line) < indent || GRAPH.test(line.trim())) break;
    const content = line.trim();
    const input = INPUT.exec(content);
    const constant = CONSTANT.exec(content);
    const node = NODE.exec(content);
    const output = OUTPUT.exec(content);
    if (input !== null) {
      const { type, shape } = parseType(input[3]!, at);
      const value = b.parameter(unquote(input[1]!), type, shape);
      inputs.set(unquote(input[1]!), value);
      values.set(input[2]!, [value]);
      at.next++;
    } else if (constant !== null) {
      const origin = constant[2] === undefined ? '' : unquote(constant[2]);
      values.set(constant[1]!, [b.at(origin, () => b.constant(parseConstant(constant, at)))]);
      at.next++;
    } else if (node !== null) {
      const origin = node[4] === undefined ? '' : unquote(node[4]);
      const operands = node[5]!.split(',').flatMap(part => (part.trim() === '' ? [] : [valueOf(part.trim())]));
      const { op, attrs } = parseOp(node, at);
      const where = `line ${++at.next}`;
      const bodies: Graph[] = [];
      while (at.next < at.lines.length && indentOf(at.lines[at.next]!) > indent) bodies.push(parseBody(at));
      values.set(
        node[1]!,
        asMalformed(where, () => b.at(origin, () => b.addWithBodies(op, operands, attrs, bodies))),
      );
    } else if (output !== null) {
      outputs.set(unquote(output[1]!), valueOf(output[2]!));
      at.next++;
    } else {
      throw wrong(at);
    }
  }
  return { name, inputs, outputs };
}

function parseOp(node: RegExpExecArray, at: Reading): { readonly op: Op; readonly attrs: object } {
  const type = node[2]!;
  const opset = node[3]!;
  const texts = Object.fromEntries(
    [...node[6]!.matchAll(new RegExp(ATTRIBUTE, 'g'))].map(([, key, value]) => [key!, unquote(value!)]),
  );
  const types = node[7]!.split(/,\s+/).map(part => parseType(part, at));
  const op = findOp(type, opset) ?? unknownOp(type, opset, Object.keys(texts), types);
  return { op, attrs: asMalformed(`line ${at.next + 1}`, () => readAttributes(op.attributes, texts)) };
}

function parseConstant(match: RegExpExecArray, at: Reading): Tensor {
  const { type, shape } = parseType(match[3]!, at);
  if (match[4] !== undefined) return at.constants[Number(match[4])] ?? fail(at);
  const sizes = isStatic(shape) ? shape : fail(at);
  const body = match[5]!;
  const words = [...body.matchAll(new RegExp(type === 'string' ? QUOTED : String.raw`\S+`, 'g'))].map(([word]) => word);
  if (words.length !== sizeOf(sizes)) return fail(at);
  return asMalformed(`line ${at.next + 1}`, () => {
    if (type === 'string') return packStrings(sizes, words.map(unquote));
    if (type === 'i64') return tensor(type, sizes, BigInt64Array.from(words, BigInt));
    if (type === 'u64') return tensor(type, sizes, BigUint64Array.from(words, BigInt));
    return tensorOf(type, sizes, words.map(Number));
  });
}

function parseType(text: string, at: Reading): Type {
  const [, type, dims] = /^(\w+)\[(.*)\]$/.exec(text) ?? [];
  if (type === undefined || dims === undefined) return fail(at);
  const named = (name: string): Dim => {
    if (!name.startsWith('?')) return symbol(name);
    const size = at.unknowns.get(name) ?? freshDim();
    at.unknowns.set(name, size);
    return size;
  };
  return { type: elementType(type), shape: dims === '' ? [] : dims.split(',').map(dim => parseDim(dim, named)) };
}

const unquote = (text: string): string => {
  try {
    return JSON.parse(text) as string;
  } catch (cause) {
    throw new DecantError('malformed', `${text} is not a quoted string`, { cause });
  }
};

const wrong = (at: Reading): DecantError =>
  new DecantError('malformed', `line ${at.next + 1} is not valid: ${at.lines[at.next] ?? 'unexpected end of text'}`);

const fail = (at: Reading): never => {
  throw wrong(at);
};
