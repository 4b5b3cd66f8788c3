import { DecantError } from '../../errors.ts';
import { readText } from '../../source/read-text.ts';
import { decodeJson } from '../../wire/json.ts';
import { message, optional, type RecordOf, repeated } from '../../wire/message.ts';
import { attrTensor } from '../attrs.ts';
import type { DataType } from '../data-type.ts';
import type { AttrValue, Signature, TfArg, TfGraph, TfNode, TfTensor } from '../model.ts';
import { graphDef, toGraph } from '../proto/graph-def.ts';
import { signatureDef, toSignature } from '../proto/signature-def.ts';
import type { ReadContents } from './reader.ts';
import { readWeights, weightGroup } from './tfjs-weights.ts';

const modelJson = message('model.json', {
  modelTopology: optional(1, graphDef),
  weightsManifest: repeated(2, weightGroup),
  signature: optional(3, signatureDef),
  userDefinedMetadata: optional(4, message('metadata', { signature: optional(1, signatureDef) })),
});

const SIGNATURE = 'serving_default';

export const readGraphModel: ReadContents = async (source, path) => {
  const json = decodeJson(modelJson, parseJson(await readText(source, path)), 'model');
  if (json.modelTopology === undefined) throw new DecantError('malformed', 'modelTopology is missing');
  const weights = await readWeights(source, path, json.weightsManifest);
  const { graph, functions } = toGraph(json.modelTopology);
  return {
    graph: withWeights(graph, weights),
    functions: new Map(
      [...functions].map(([name, body]) => [
        name,
        {
          ...body,
          inputs: body.inputs.map(narrowedArg),
          outputs: body.outputs.map(narrowedArg),
          nodes: withWeights(body.nodes, weights),
        },
      ]),
    ),
    signatures: toSignatures(json.signature ?? json.userDefinedMetadata?.signature),
  };
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DecantError('malformed', `the file is not valid JSON: ${reason}`, { cause: thrown });
  }
}

const withWeights = (graph: TfGraph, weights: ReadonlyMap<string, TfTensor>): TfGraph =>
  new Map(
    [...graph].map(([name, node]) => [
      name,
      node.op === 'Const' ? withWeight(node, weights.get(name)) : { ...node, attrs: narrowedAttrs(node.attrs) },
    ]),
  );

/** The types that TF.js stores and computes in 32 bits. */
const NARROWED: Readonly<Partial<Record<DataType, DataType>>> = { DT_DOUBLE: 'DT_FLOAT', DT_INT64: 'DT_INT32' };

const narrowedAttrs = (attrs: TfNode['attrs']): TfNode['attrs'] =>
  new Map([...attrs].map(([key, value]) => [key, narrowed(value)]));

const narrowedArg = (arg: TfArg): TfArg => ({ ...arg, type: arg.type && (NARROWED[arg.type] ?? arg.type) });

function narrowed(attr: AttrValue): AttrValue {
  if (attr.kind === 'type') return { ...attr, value: NARROWED[attr.value] ?? attr.value };
  return attr.kind === 'list' ? { ...attr, value: attr.value.map(narrowed) } : attr;
}

/** The type of the weight takes precedence over that of the constant. */
function withWeight(node: TfNode, weight: TfTensor = withoutWeight(node)): TfNode {
  const attrs = new Map(node.attrs)
    .set('value', { kind: 'tensor', value: weight })
    .set('dtype', { kind: 'type', value: weight.dtype });
  return { ...node, attrs };
}

/** Unused constants may have no weight, so a missing weight is an error only on use. */
const withoutWeight = (node: TfNode): TfTensor => ({
  ...attrTensor(node, 'value'),
  data: () => {
    throw new DecantError('malformed', `constant '${node.name}' has no weight`);
  },
});

const toSignatures = (signature: RecordOf<typeof signatureDef> | undefined): ReadonlyMap<string, Signature> =>
  new Map(signature === undefined || signature.outputs.size === 0 ? [] : [[SIGNATURE, toSignature(signature)]]);
