import { type Dim, symbol } from '../tensor/dim.ts';
import { parseDim } from '../tensor/parse-dim.ts';
import { unpackStrings } from '../tensor/strings.ts';
import { numbersOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import { type Graph, type Node, topological, type Type, type Value } from './graph.ts';
import { Parameter } from './ops/infrastructure.ts';

export interface GraphText {
  readonly text: string;
  /** The constants that `text` refers to as `@0`, `@1`, ... */
  readonly constants: readonly Tensor[];
}

const INLINE_LIMIT = 16;

/**
 * Prints a graph, one line per node, each after its inputs:
 *
 *     graph "name"
 *     in "images" = %0: f32[1,h,w,3]
 *     %1 = Const "axes" i64[2] {1 2}
 *     %2 = Squeeze@opset1 "s" (%0, %1): f32[h,w]
 *     out "result" = %2
 *
 * Bodies are indented below their node. `parseGraph` is the inverse.
 */
export function printGraph(graph: Graph): GraphText {
  const constants: Tensor[] = [];
  const lines: string[] = [];
  printBody(graph, '', lines, constants, typePrinter());
  return { text: `${lines.join('\n')}\n`, constants };
}

type PrintType = (type: Type) => string;

/** Renumbers unnamed unknown sizes from 1, so that the same graph always prints the same text. */
function typePrinter(): PrintType {
  const numbers = new Map<string, Dim>();
  const named = (name: string): Dim => {
    if (!name.startsWith('?')) return symbol(name);
    const known = numbers.get(name) ?? symbol(`?${numbers.size + 1}`);
    numbers.set(name, known);
    return known;
  };
  const printDim = (dim: Dim): string => String(typeof dim === 'number' ? dim : parseDim(dim.key, named));
  return ({ type, shape }) => `${type}[${shape.map(printDim).join(',')}]`;
}

function printBody(graph: Graph, indent: string, lines: string[], constants: Tensor[], printType: PrintType): void {
  const ids = new Map<Node, number>();
  const reference = (value: Value): string => `%${ids.get(value.node)!}${value.index === 0 ? '' : `.${value.index}`}`;
  lines.push(`${indent}graph ${quote(graph.name)}`);
  for (const [name, value] of graph.inputs) {
    ids.set(value.node, ids.size);
    lines.push(`${indent}in ${quote(name)} = ${reference(value)}: ${printType(value)}`);
  }
  for (const node of topological(graph)) {
    if ((node.op as unknown) === Parameter) continue;
    ids.set(node, ids.size);
    lines.push(`${indent}%${ids.get(node)!} = ${printNode(node, reference, constants, printType)}`);
    for (const body of node.bodies) printBody(body, `${indent}  `, lines, constants, printType);
  }
  for (const [name, value] of graph.outputs) lines.push(`${indent}out ${quote(name)} = ${reference(value)}`);
}

function printNode(node: Node, reference: (value: Value) => string, constants: Tensor[], printType: PrintType): string {
  const name = node.name === '' ? '' : ` ${quote(node.name)}`;
  if (node.constant !== undefined) {
    return `Const${name} ${printType(node.constant)} ${printElements(node.constant, constants)}`;
  }
  const inputs = node.inputs.map(reference).join(', ');
  const attributes = Object.entries(node.op.attributes)
    .map(([attribute, codec]) => ` ${attribute}=${quote(codec.write(node.attrs[attribute]))}`)
    .join('');
  const types = node.outputs.map(printType).join(', ');
  return `${node.op.type}@${node.op.opset}${name} (${inputs})${attributes}: ${types}`;
}

function printElements(constant: Tensor, constants: Tensor[]): string {
  const known = constants.indexOf(constant);
  if (known >= 0) return `@${known}`;
  if (constant.type === 'string') return `{${unpackStrings(constant).map(quote).join(' ')}}`;
  const count = sizeOf(constant.shape);
  if (count > INLINE_LIMIT || constant.type === 'u1' || constant.type === 'i4' || constant.type === 'u4') {
    return `@${constants.push(constant) - 1}`;
  }
  // Doubles do not hold 64-bit integers exactly.
  const elements = constant.type === 'i64' || constant.type === 'u64' ? constant.data : numbersOf(constant);
  return `{${Array.from<unknown>(elements).map(elementText).join(' ')}}`;
}

const elementText = (element: unknown): string => (Object.is(element, -0) ? '-0' : String(element));

const quote = (text: string): string => JSON.stringify(text);
