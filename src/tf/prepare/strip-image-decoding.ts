import { attrFunc, attrInt, attrTensor, attrType } from '../attrs.ts';
import type { InferenceFunction, InferenceInput, InferenceGraph } from '../inference-graph.ts';
import type { AttrValue, TfGraph, TfNode } from '../model.ts';
import { nodeOf, outputName, tensorName } from '../tensor-name.ts';
import { callsIn } from './calls-in.ts';
import { prune } from './prune.ts';

/** Encoded images as a batch (string tensor of rank 1), a tensor list, or a scalar string. */
type Files = 'batch' | 'list' | 'one';
type Functions = Map<string, InferenceFunction>;

const DECODERS = new Set(['DecodeImage', 'DecodeJpeg', 'DecodePng', 'DecodeBmp']);
const LOOPS = new Set(['While', 'StatelessWhile']);
const BRANCHES = new Set(['If', 'StatelessIf']);

const IMAGE_SHAPE: InferenceInput['shape'] = [1, -1, -1, 3];

/**
 * Turns inputs of encoded images into inputs of decoded images, if the model decodes them. Decoded images replace encoded
 * ones in every tensor, so lists of files become lists of images and decoding becomes Identity.
 */
export const stripImageDecoding = (model: InferenceGraph): InferenceGraph =>
  model.inputs.reduce((each, input) => (input.dtype === 'DT_STRING' ? stripInput(each, input) : each), model);

function stripInput(model: InferenceGraph, input: InferenceInput): InferenceGraph {
  const files: Files = input.shape?.length === 0 ? 'one' : 'batch';
  const functions = new Map(model.functions);
  const { graph, isDecoded } = stripGraph(model.graph, new Map([[input.node, files]]), functions);
  if (!isDecoded) return model;
  // The image is always a batch of one, as in other exports of the same model.
  const node = files === 'one' ? `${input.node}/batch` : input.node;
  if (files === 'one') graph.set(input.node, squeezeBatch(input.node, node));
  const image: InferenceInput = { name: input.name, node, dtype: 'DT_UINT8', shape: IMAGE_SHAPE };
  const inputs = model.inputs.map(each => (each === input ? image : each));
  const note = `Input '${input.name}' takes a decoded image, u8 [1,height,width,3], instead of an encoded one: decoding was removed.`;
  return prune({ ...model, graph, functions, inputs, notes: [...model.notes, note] });
}

interface Stripped {
  readonly graph: Map<string, TfNode>;
  readonly files: ReadonlyMap<string, Files>;
  readonly isDecoded: boolean;
}

function stripGraph(graph: TfGraph, given: ReadonlyMap<string, Files>, functions: Functions): Stripped {
  const files = new Map(given);
  const result = new Map<string, TfNode>();
  let isDecoded = false;
  for (const node of graph.values()) {
    const file = node.inputs.find(input => files.has(tensorName(input)));
    const kind = files.get(tensorName(file ?? ''));
    if (file === undefined || kind === undefined) {
      result.set(node.name, node);
    } else if (isDecoding(node, functions)) {
      isDecoded = true;
      result.set(node.name, kind === 'one' ? identity(node.name, file) : squeezeBatch(node.name, file));
    } else if (LOOPS.has(node.op)) {
      if (stripLoop(node, files, functions)) isDecoded = true;
      result.set(node.name, node);
    } else {
      const [changed, passed] = propagate(node, file, kind, graph);
      if (passed !== undefined) files.set(node.name, passed);
      result.set(node.name, changed);
    }
  }
  return { graph: result, files, isDecoded };
}

function stripLoop(loop: TfNode, files: Map<string, Files>, functions: Functions): boolean {
  const body = functions.get(attrFunc(loop, 'body').name);
  const given = new Map<string, Files>();
  body?.inputs.forEach((argument, i) => {
    const kind = files.get(tensorName(loop.inputs[i] ?? ''));
    if (kind !== undefined) given.set(argument, kind);
  });
  if (body === undefined || given.size === 0) return false;
  const stripped = stripGraph(body.graph, given, functions);
  functions.set(body.name, { ...body, graph: stripped.graph });
  body.outputs.forEach((output, k) => {
    const kind = stripped.files.get(tensorName(output));
    if (kind !== undefined) files.set(outputName(loop.name, k), kind);
  });
  return stripped.isDecoded;
}

function propagate(node: TfNode, file: string, kind: Files, graph: TfGraph): readonly [TfNode, Files | undefined] {
  switch (node.op) {
    case 'Identity':
    case 'Snapshot':
    case 'StopGradient':
      return [node, kind];
    case 'TensorListFromTensor':
    case 'TensorArrayScatterV3':
      return [node, 'list'];
    case 'TensorListGetItem':
    case 'TensorArrayReadV3':
      return [node, 'one'];
    case 'ExpandDims':
      return [node, 'batch'];
    case 'Squeeze':
      return [squeezeBatch(node.name, file), 'one'];
    case 'StridedSlice':
      return attrInt(node, 'shrink_axis_mask', 0) === 0
        ? [identity(node.name, file), kind]
        : [squeezeBatch(node.name, file), 'one'];
    case 'Reshape':
      return isScalarShape(node, graph) ? [squeezeBatch(node.name, file), 'one'] : [identity(node.name, file), kind];
    default:
      // Counts of files stay valid; nodes that read file contents become unused and are pruned.
      return [node, undefined];
  }
}

function isScalarShape({ inputs }: TfNode, graph: TfGraph): boolean {
  const shape = graph.get(nodeOf(inputs[1] ?? ''));
  return shape?.op === 'Const' && attrTensor(shape, 'value').shape[0] === 0;
}

/** Older exports select the decoder by file signature, in branches. */
function isDecoding(node: TfNode, functions: Functions): boolean {
  if (DECODERS.has(node.op)) {
    const isColor = [0, 3].includes(attrInt(node, 'channels', 0));
    return isColor && attrInt(node, 'ratio', 1) === 1 && attrType(node, 'dtype', 'DT_UINT8') === 'DT_UINT8';
  }
  if (!BRANCHES.has(node.op)) return false;
  const bodies = callsIn([node]).map(({ name }) => functions.get(name));
  return bodies.some(body => [...(body?.graph.values() ?? [])].some(inner => isDecoding(inner, functions)));
}

const identity = (name: string, input: string): TfNode => ({ name, op: 'Identity', inputs: [input], attrs: new Map() });

function squeezeBatch(name: string, batch: string): TfNode {
  const axes: AttrValue = { kind: 'list', value: [{ kind: 'int', value: 0 }] };
  return { name, op: 'Squeeze', inputs: [batch], attrs: new Map([['squeeze_dims', axes]]) };
}
