import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { type DataType, dataTypeFor } from '../data-type.ts';
import type { AttrValue, TfGraph, TfNode, TfShape } from '../model.ts';
import { outputTypeOf } from '../output-type.ts';
import { isControl, nodeOf, outputIndexOf, tensorName } from '../tensor-name.ts';

export interface FoundTensor {
  readonly name: string;
  /** Set to cut one input of one node only, instead of all uses of the tensor. */
  readonly into?: { readonly node: string; readonly index: number };
}

/** Finds a tensor by `node`, `node:1` (second output) or `0:node` (first input). */
export function findTensor(graph: TfGraph, text: string): FoundTensor | undefined {
  if (/^[^:]+(?::\d+)?$/.test(text) && graph.has(nodeOf(text))) return { name: tensorName(text) };
  const [, index, node] = /^(\d+):([^:]+)$/.exec(text) ?? [];
  if (index === undefined || node === undefined) return undefined;
  const name = graph.get(node)?.inputs.filter(input => !isControl(input))[Number(index)];
  return name === undefined ? undefined : { name, into: { node, index: Number(index) } };
}

interface Cut extends Pick<InferenceGraph, 'graph' | 'outputs'> {
  readonly node: string;
  readonly dtype: DataType;
  readonly shape: TfShape;
}

export function cutGraph(model: InferenceGraph, { name, into }: FoundTensor, type: ElementType | undefined): Cut {
  const source = model.graph.get(nodeOf(name))!;
  const dtype = outputTypeOf(source, outputIndexOf(name)) ?? (type && dataTypeFor(type));
  if (dtype === undefined) {
    throw new DecantError('invalid-argument', `the type of tensor '${name}' is unknown`, {
      remedy: `Add the type after the shape: --input '${name}[1,?,?,3]{f32}'.`,
    });
  }
  const shape = shapeOf(source, outputIndexOf(name));
  let node = `${nodeOf(name)}/input`;
  while (model.graph.has(node)) node += '_';
  const isCut = (tensor: string): boolean => tensorName(tensor) === tensorName(name);
  const graph = new Map([[node, placeholder(node, dtype)]]);
  for (const each of model.graph.values()) {
    let index = 0;
    const inputs = each.inputs.map(input => {
      if (isControl(input)) return input;
      const isHere = into === undefined ? isCut(input) : into.node === each.name && into.index === index;
      index++;
      return isHere ? node : input;
    });
    graph.set(each.name, { ...each, inputs });
  }
  const outputs = model.outputs.map(each =>
    into === undefined && isCut(each.tensor) ? { ...each, tensor: node } : each,
  );
  return { graph, outputs, node, dtype, shape };
}

const placeholder = (name: string, dtype: DataType): TfNode => ({
  name,
  op: 'Placeholder',
  inputs: [],
  attrs: new Map<string, AttrValue>([['dtype', { kind: 'type', value: dtype }]]),
});

function shapeOf({ attrs }: TfNode, index: number): TfShape {
  const recorded = attrs.get('_output_shapes');
  const shape = recorded?.kind === 'list' ? recorded.value[index] : attrs.get('shape');
  return shape?.kind === 'shape' ? shape.value : undefined;
}
