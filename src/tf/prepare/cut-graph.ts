import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { type DataType, dataTypeFor } from '../data-type.ts';
import type { AttrValue, TfGraph, TfNode, TfShape } from '../model.ts';
import { outputTypeOf } from '../output-type.ts';
import { isControl, nodeOf, outputIndexOf, shortName } from '../tensor-name.ts';

/** A tensor inside of a graph. */
export interface FoundTensor {
  /** `node` or `node:k`. */
  readonly name: string;
  /** The node that alone is meant, and which of its inputs; otherwise the tensor is meant wherever it goes. */
  readonly into?: { readonly node: string; readonly index: number };
}

/** The tensor that `node`, `node:1` (the second output of a node) or `0:node` (the first input of a node) means. */
export function findTensor(graph: TfGraph, text: string): FoundTensor | undefined {
  if (/^[^:]+(?::\d+)?$/.test(text) && graph.has(nodeOf(text))) return { name: shortName(text) };
  const [, index, node] = /^(\d+):([^:]+)$/.exec(text) ?? [];
  if (index === undefined || node === undefined) return undefined;
  const name = graph.get(node)?.inputs.filter(input => !isControl(input))[Number(index)];
  return name === undefined ? undefined : { name, into: { node, index: Number(index) } };
}

interface Cut extends Pick<InferenceGraph, 'graph' | 'outputs'> {
  /** The placeholder that stands in the tensor's place. */
  readonly node: string;
  readonly dtype: DataType;
  readonly shape: TfShape;
}

/**
 * The graph with a placeholder in the place of a tensor.
 * @throws DecantError `invalid-argument` where neither the graph nor `type` tells the tensor's type
 */
export function cutGraph(model: InferenceGraph, { name, into }: FoundTensor, type: ElementType | undefined): Cut {
  const source = model.graph.get(nodeOf(name))!;
  const dtype = outputTypeOf(source, outputIndexOf(name)) ?? (type && dataTypeFor(type));
  if (dtype === undefined) {
    throw new DecantError('invalid-argument', `the graph does not tell the type of '${name}'`, {
      remedy: `Give it behind the shape: --input '${name}[1,?,?,3]{f32}'.`,
    });
  }
  const shape = shapeOf(source, outputIndexOf(name));
  let node = `${nodeOf(name)}/input`;
  while (model.graph.has(node)) node += '_';
  const isCut = (tensor: string): boolean => shortName(tensor) === shortName(name);
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

/** The shape that a graph may note of a node's output. */
function shapeOf({ attrs }: TfNode, index: number): TfShape {
  const noted = attrs.get('_output_shapes');
  const shape = noted?.kind === 'list' ? noted.value[index] : attrs.get('shape');
  return shape?.kind === 'shape' ? shape.value : undefined;
}
