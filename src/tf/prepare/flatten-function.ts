import { DecantError } from '../../errors.ts';
import type { InferenceFunction } from '../inference-graph.ts';
import type { AttrValue, TfAttrs, TfFunction, TfGraph, TfNode } from '../model.ts';
import { outputPosition } from '../output-args.ts';
import { isControl } from '../tensor-name.ts';

/** Renames the tensors of a function as in a graph: `node:argument:k` becomes `node:position`. */
export function flattenFunction(body: TfFunction, functions: ReadonlyMap<string, TfFunction>): InferenceFunction {
  const inputs = body.inputs.map(argument => argument.name);
  const args = new Set(inputs);
  const flat = (tensor: string): string => {
    const [node, argument, k] = tensor.split(':');
    if (argument === undefined || k === undefined || args.has(tensor)) return tensor;
    const source = body.nodes.get(node!);
    if (source === undefined) throw new DecantError('malformed', `'${tensor}' is not in function ${body.name}`);
    const position = outputPosition(source, argument, Number(k), functions);
    return position === 0 ? node! : `${node!}:${position}`;
  };
  const graph: TfGraph = new Map(
    [...body.nodes.values()].map((node): [string, TfNode] => [
      node.name,
      { ...node, inputs: node.inputs.filter(input => !isControl(input)).map(flat) },
    ]),
  );
  const outputs = body.outputs.map(({ name }) => {
    const tensor = body.returns.get(name);
    if (tensor === undefined) throw new DecantError('malformed', `function ${body.name} does not return '${name}'`);
    return flat(tensor);
  });
  return { name: body.name, inputs, graph, outputs };
}

export function instantiate(body: InferenceFunction, given: TfAttrs): InferenceFunction {
  if (given.size === 0) return body;
  const graph = [...body.graph.values()].map((node): [string, TfNode] => [
    node.name,
    { ...node, attrs: bindAttrs(node.attrs, given) },
  ]);
  return { ...body, graph: new Map(graph) };
}

const bindAttrs = (attrs: TfAttrs, given: TfAttrs): TfAttrs =>
  new Map([...attrs].map(([name, attr]) => [name, bindAttr(attr, given)]));

function bindAttr(attr: AttrValue, given: TfAttrs): AttrValue {
  switch (attr.kind) {
    case 'placeholder':
      return given.get(attr.value) ?? attr;
    case 'list':
      return { kind: 'list', value: attr.value.map(item => bindAttr(item, given)) };
    case 'func':
      return { kind: 'func', value: { name: attr.value.name, attrs: bindAttrs(attr.value.attrs, given) } };
    default:
      return attr;
  }
}
