import { attrFunc, attrInt, attrTensor, attrType } from '../attrs.ts';
import type { InferenceFunction, InferenceInput, InferenceGraph } from '../inference-graph.ts';
import type { AttrValue, TfGraph, TfNode } from '../model.ts';
import { nodeOf, shortName } from '../tensor-name.ts';
import { callsIn } from './function-calls.ts';
import { prune } from './prune.ts';

/** How files of pictures come: in a tensor of several texts, in a list of them, or one alone. */
type Files = 'batch' | 'list' | 'one';
type Functions = Map<string, InferenceFunction>;

const DECODERS = new Set(['DecodeImage', 'DecodeJpeg', 'DecodePng', 'DecodeBmp']);
const LOOPS = new Set(['While', 'StatelessWhile']);
const BRANCHES = new Set(['If', 'StatelessIf']);

/** A batch of one picture of any size. */
const PICTURE: InferenceInput['shape'] = [1, -1, -1, 3];

/**
 * Inputs that take the files of pictures take pictures instead, where they do nothing with a file but decode it: a picture
 * stands wherever its file stood, so that what lists files lists pictures, and decoding leaves them as they are.
 */
export const stripImageDecoding = (closed: InferenceGraph): InferenceGraph =>
  closed.inputs.reduce((model, input) => (input.dtype === 'DT_STRING' ? cutInput(model, input) : model), closed);

function cutInput(closed: InferenceGraph, input: InferenceInput): InferenceGraph {
  const files: Files = input.shape?.length === 0 ? 'one' : 'batch';
  const functions = new Map(closed.functions);
  const { graph, isDecoded } = cutIn(closed.graph, new Map([[input.node, files]]), functions);
  if (!isDecoded) return closed;
  // A picture always comes as a batch of one, as other exports of the same model take it.
  const node = files === 'one' ? `${input.node}/batch` : input.node;
  if (files === 'one') graph.set(input.node, onlyOf(input.node, node));
  const pictures: InferenceInput = { name: input.name, node, dtype: 'DT_UINT8', shape: PICTURE };
  const inputs = closed.inputs.map(each => (each === input ? pictures : each));
  const note = `Input '${input.name}' takes a picture, u8 [1,height,width,3], in the place of its file: decoding was left out.`;
  return prune({ ...closed, graph, functions, inputs, notes: [...closed.notes, note] });
}

interface Cut {
  readonly graph: Map<string, TfNode>;
  /** The tensors that files are, or were. */
  readonly files: ReadonlyMap<string, Files>;
  readonly isDecoded: boolean;
}

/** A graph, each node after its inputs, in which pictures stand for the files that are `given`. */
function cutIn(graph: TfGraph, given: ReadonlyMap<string, Files>, functions: Functions): Cut {
  const files = new Map(given);
  const result = new Map<string, TfNode>();
  let isDecoded = false;
  for (const node of graph.values()) {
    const file = node.inputs.find(input => files.has(shortName(input)));
    const kind = files.get(shortName(file ?? ''));
    if (file === undefined || kind === undefined) {
      result.set(node.name, node);
    } else if (isDecoding(node, functions)) {
      isDecoded = true;
      result.set(node.name, kind === 'one' ? same(node.name, file) : onlyOf(node.name, file));
    } else if (LOOPS.has(node.op)) {
      if (cutLoop(node, files, functions)) isDecoded = true;
      result.set(node.name, node);
    } else {
      const [changed, passed] = passOn(node, file, kind, graph);
      if (passed !== undefined) files.set(node.name, passed);
      result.set(node.name, changed);
    }
  }
  return { graph: result, files, isDecoded };
}

/** Cuts in the body of a loop, and says what of the loop's results files are. */
function cutLoop(loop: TfNode, files: Map<string, Files>, functions: Functions): boolean {
  const body = functions.get(attrFunc(loop, 'body').name);
  const given = new Map<string, Files>();
  body?.inputs.forEach((argument, i) => {
    const kind = files.get(shortName(loop.inputs[i] ?? ''));
    if (kind !== undefined) given.set(argument, kind);
  });
  if (body === undefined || given.size === 0) return false;
  const cut = cutIn(body.graph, given, functions);
  functions.set(body.name, { ...body, graph: cut.graph });
  body.outputs.forEach((output, k) => {
    const kind = cut.files.get(shortName(output));
    if (kind !== undefined) files.set(shortName(`${loop.name}:${k}`), kind);
  });
  return cut.isDecoded;
}

/** What a node that is given files becomes, and what of them it gives. */
function passOn(node: TfNode, file: string, kind: Files, graph: TfGraph): readonly [TfNode, Files | undefined] {
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
      return [onlyOf(node.name, file), 'one'];
    case 'StridedSlice':
      return attrInt(node, 'shrink_axis_mask', 0) === 0
        ? [same(node.name, file), kind]
        : [onlyOf(node.name, file), 'one'];
    case 'Reshape':
      return isScalarShape(node, graph) ? [onlyOf(node.name, file), 'one'] : [same(node.name, file), kind];
    default:
      // The number of files is that of the pictures; what looks into a file is of no use any more, and is pruned.
      return [node, undefined];
  }
}

function isScalarShape({ inputs }: TfNode, graph: TfGraph): boolean {
  const shape = graph.get(nodeOf(inputs[1] ?? ''));
  return shape?.op === 'Const' && attrTensor(shape, 'value').shape[0] === 0;
}

/** Whether a node turns a file into the bytes of a picture; older exports choose among decoders by the file's first bytes. */
function isDecoding(node: TfNode, functions: Functions): boolean {
  if (DECODERS.has(node.op)) {
    const isColor = [0, 3].includes(attrInt(node, 'channels', 0));
    return isColor && attrInt(node, 'ratio', 1) === 1 && attrType(node, 'dtype', 'DT_UINT8') === 'DT_UINT8';
  }
  if (!BRANCHES.has(node.op)) return false;
  const bodies = [...callsIn(new Map([[node.name, node]]))].map(({ name }) => functions.get(name));
  return bodies.some(body => [...(body?.graph.values() ?? [])].some(inner => isDecoding(inner, functions)));
}

const same = (name: string, input: string): TfNode => ({ name, op: 'Identity', inputs: [input], attrs: new Map() });

/** The only item of a batch. */
function onlyOf(name: string, batch: string): TfNode {
  const axes: AttrValue = { kind: 'list', value: [{ kind: 'int', value: 0 }] };
  return { name, op: 'Squeeze', inputs: [batch], attrs: new Map([['squeeze_dims', axes]]) };
}
