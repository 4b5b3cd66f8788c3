import type { InferenceGraph } from './inference-graph.ts';
import type { AttrValue, TfGraph, TfModel, TfNode } from './model.ts';

interface Printable {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly nodes: TfGraph;
  readonly results: readonly string[];
}

export const printTfModel = ({ graph, functions }: TfModel): string =>
  printTfGraph(
    graph,
    [...functions.values()].map(({ name, inputs, nodes, returns }) => ({
      name,
      inputs: inputs.map(argument => argument.name),
      nodes,
      results: [...returns].map(([output, tensor]) => `${output} = ${tensor}`),
    })),
  );

export const printInferenceGraph = ({ graph, functions }: InferenceGraph): string =>
  printTfGraph(
    graph,
    [...functions.values()].map(body => ({ ...body, nodes: body.graph, results: body.outputs })),
  );

function printTfGraph(graph: TfGraph, functions: readonly Printable[]): string {
  const lines = [...graph.values()].map(printNode);
  for (const { name, inputs, nodes, results } of functions) {
    lines.push(`function ${name}(${inputs.join(', ')})`);
    for (const node of nodes.values()) lines.push(`  ${printNode(node)}`);
    lines.push(`  return ${results.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function printNode({ name, op, inputs, attrs }: TfNode): string {
  const shown = [...attrs]
    .filter(([key]) => !key.startsWith('_'))
    .map(([key, value]) => `${key}: ${printAttr(value)}`)
    .sort();
  return `${name} = ${op}(${inputs.join(', ')})${shown.length === 0 ? '' : ` {${shown.join(', ')}}`}`;
}

function printAttr(attr: AttrValue): string {
  switch (attr.kind) {
    case 'bytes':
      return JSON.stringify(new TextDecoder().decode(attr.value));
    case 'shape':
      return attr.value === undefined ? '[...]' : `[${attr.value.join(',')}]`;
    case 'tensor':
      return `${attr.value.dtype}[${attr.value.shape.join(',')}]`;
    case 'func':
      return `@${attr.value.name}`;
    case 'list':
      return `[${attr.value.map(printAttr).join(', ')}]`;
    default:
      return String(attr.value);
  }
}
