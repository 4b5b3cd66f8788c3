import { DecantError } from '../errors.ts';
import { type Dim, type Shape, unknown } from '../tensor/dim.ts';
import { packStrings } from '../tensor/strings.ts';
import { elementType, type Tensor, tensor, tensorOf } from '../tensor/tensor.ts';
import type { Codecs } from './attributes.ts';
import { Builder } from './builder.ts';
import type { Graph, Op, Type, Value } from './graph.ts';
import { foreignOp } from './ir/foreign.ts';
import { findOp } from './ops/index.ts';
import type { GraphText } from './text.ts';

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const GRAPH = new RegExp(`^graph (${QUOTED})$`);
const INPUT = new RegExp(String.raw`^in (${QUOTED}) = %(\d+): (\S+)$`);
const CONSTANT = new RegExp(String.raw`^%(\d+) = Const(?: (${QUOTED}))? (\S+) (?:@(\d+)|\{(.*)\})$`);
const NODE = new RegExp(String.raw`^%(\d+) = (\w+)@(\w+)(?: (${QUOTED}))? \(([^)]*)\)((?: [\w-]+=${QUOTED})*): (.*)$`);
const OUTPUT = new RegExp(String.raw`^out (${QUOTED}) = (%[\d.]+)$`);

interface Lines {
  readonly lines: readonly string[];
  next: number;
}

/** The graph that `printGraph` printed; nodes are made anew, so what folds is folded. @throws DecantError `malformed` */
export function parseGraph({ text, constants }: GraphText): Graph {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const at = { lines, next: 0 };
  const graph = parseBody(at, constants);
  if (at.next !== lines.length) throw wrong(at);
  return graph;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function parseBody(at: Lines, constants: readonly Tensor[]): Graph {
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
    const [input, constant, node, output] = [INPUT, CONSTANT, NODE, OUTPUT].map(
      pattern => pattern.exec(content) ?? undefined,
    );
    at.next++;
    if (input !== undefined) {
      const { type, shape } = parseType(input[3]!);
      const value = b.parameter(unquote(input[1]!), type, shape);
      inputs.set(unquote(input[1]!), value);
      values.set(input[2]!, [value]);
    } else if (constant !== undefined) {
      b.origin = constant[2] === undefined ? '' : unquote(constant[2]);
      values.set(constant[1]!, [b.constant(parseConstant(constant, constants))]);
    } else if (node !== undefined) {
      b.origin = node[4] === undefined ? '' : unquote(node[4]);
      const operands = node[5]!
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== '');
      const bodies: Graph[] = [];
      while (at.next < at.lines.length && indentOf(at.lines[at.next]!) > indent) bodies.push(parseBody(at, constants));
      const { op, attrs } = parseOp(node);
      values.set(node[1]!, b.addWithBodies(op, operands.map(valueOf), attrs, bodies));
    } else if (output !== undefined) {
      outputs.set(unquote(output[1]!), valueOf(output[2]!));
    } else {
      at.next--;
      throw wrong(at);
    }
  }
  return { name, inputs, outputs };
}

function parseOp(node: RegExpExecArray): { readonly op: Op; readonly attrs: object } {
  const [type, opset] = [node[2]!, node[3]!];
  const texts = new Map(
    [...node[6]!.matchAll(new RegExp(String.raw`([\w-]+)=(${QUOTED})`, 'g'))].map(([, key, value]) => [
      key!,
      unquote(value!),
    ]),
  );
  const types = node[7]!.split(/,\s+/).map(parseType);
  const op = findOp(type, opset) ?? foreignOp(type, opset, [...texts.keys()], types);
  const codecs: Codecs = op.attributes;
  const attrs = Object.fromEntries([...texts].map(([key, value]) => [key, codecs[key]?.read(value) ?? value]));
  return { op, attrs };
}

function parseConstant(match: RegExpExecArray, constants: readonly Tensor[]): Tensor {
  const { type, shape } = parseType(match[3]!);
  if (match[4] !== undefined) return constants[Number(match[4])]!;
  const sizes = shape.map(Number);
  const body = match[5]!;
  if (type === 'string') {
    return packStrings(
      sizes,
      [...body.matchAll(new RegExp(QUOTED, 'g'))].map(([text]) => unquote(text)),
    );
  }
  const words = body.split(' ').filter(word => word !== '');
  if (type === 'i64') return tensor(type, sizes, BigInt64Array.from(words, BigInt));
  if (type === 'u64') return tensor(type, sizes, BigUint64Array.from(words, BigInt));
  return tensorOf(type, sizes, words.map(Number));
}

function parseType(text: string): Type {
  const [, type, dims] = /^(\w+)\[(.*)\]$/.exec(text) ?? [];
  if (type === undefined || dims === undefined) throw new DecantError('malformed', `'${text}' is not a type`);
  return { type: elementType(type), shape: parseShape(dims) };
}

const parseShape = (dims: string): Shape =>
  dims === '' ? [] : dims.split(',').map((dim): Dim => (/^\d+$/.test(dim) ? Number(dim) : unknown(dim)));

const unquote = (text: string): string => JSON.parse(text) as string;

const wrong = (at: Lines): DecantError =>
  new DecantError(
    'malformed',
    `line ${at.next + 1} of a graph's text cannot be read: ${at.lines[at.next] ?? 'the end'}`,
  );

const fail = (at: Lines): never => {
  throw wrong(at);
};
