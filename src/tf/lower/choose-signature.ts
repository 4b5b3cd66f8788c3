import { DecantError } from '../../errors.ts';
import { attrShape, attrType } from '../attrs.ts';
import type { ClosedInput, ClosedModel, ClosedOutput } from '../closed-model.ts';
import type { DataType } from '../data-type.ts';
import type { Signature, TfGraph, TfModel, TfNode } from '../model.ts';
import { isControl, nodeOf } from '../tensor-name.ts';

/** The signature that TensorFlow's own tools serve by default. */
const DEFAULT_SIGNATURE = 'serving_default';

/** The chosen signature's inputs and outputs; for a graph without signatures its placeholders and its ends. */
export function chooseSignature(model: TfModel, key?: string): ClosedModel {
  const signature = signatureOf(model, key);
  const { name, graph } = model;
  const chosen = signature === undefined ? graphEnds(graph) : signatureEnds(graph, signature);
  return { name, graph, functions: new Map(), ...chosen };
}

function signatureOf({ signatures }: TfModel, key: string | undefined): Signature | undefined {
  const keys = [...signatures.keys()];
  if (key !== undefined) {
    const signature = signatures.get(key);
    if (signature !== undefined) return signature;
    throw new DecantError(
      'not-found',
      keys.length === 0 ? `there is no signature '${key}': the model has none` : `there is no signature '${key}'`,
      keys.length === 0 ? {} : { remedy: `Choose one of: ${keys.join(', ')}.` },
    );
  }
  if (keys.length <= 1) return signatures.get(keys[0] ?? '');
  const usual = signatures.get(DEFAULT_SIGNATURE);
  if (usual !== undefined) return usual;
  throw new DecantError(
    'invalid-argument',
    `the model has ${keys.length} signatures and none is ${DEFAULT_SIGNATURE}`,
    {
      remedy: `Choose one with --signature: ${keys.join(', ')}.`,
    },
  );
}

interface Ends {
  readonly inputs: readonly ClosedInput[];
  readonly outputs: readonly ClosedOutput[];
}

/** Sorted by name, as OpenVINO sorts them. */
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function signatureEnds(graph: TfGraph, signature: Signature): Ends {
  const inputs = [...signature.inputs].map(([name, info]): ClosedInput => {
    const node = graph.get(nodeOf(info.tensor));
    if (node === undefined) {
      throw new DecantError(
        'malformed',
        `input '${name}' of the signature is '${info.tensor}', which is not in the graph`,
      );
    }
    return { ...inputOf(name, node, info.dtype), shape: info.shape ?? shapeOf(node) };
  });
  const outputs = [...signature.outputs].map(([name, { tensor }]) => {
    if (!graph.has(nodeOf(tensor))) {
      throw new DecantError('malformed', `output '${name}' of the signature is '${tensor}', which is not in the graph`);
    }
    return { name, tensor };
  });
  return { inputs: inputs.sort(byName), outputs: outputs.sort(byName) };
}

/** Ops that end a graph without being a result of it. */
const NO_RESULTS = new Set(['NoOp', 'Assert', 'Print', 'PrintV2', 'SaveV2', 'MergeV2Checkpoints', 'Const']);

function graphEnds(graph: TfGraph): Ends {
  const used = new Set<string>();
  for (const node of graph.values()) {
    for (const input of node.inputs) if (!isControl(input)) used.add(nodeOf(input));
  }
  const inputs = [...graph.values()].filter(isInput).map(node => inputOf(node.name, node, undefined));
  const outputs = [...graph.values()]
    .filter(node => !used.has(node.name) && !NO_RESULTS.has(node.op) && !isInput(node))
    .map(node => ({ name: node.name, tensor: node.name }));
  if (outputs.length === 0) throw new DecantError('not-a-model', 'the graph has no outputs');
  return { inputs, outputs };
}

const isInput = (node: TfNode): boolean => node.op === 'Placeholder';

const inputOf = (name: string, node: TfNode, dtype: DataType | undefined): ClosedInput => ({
  name,
  node: node.name,
  dtype: dtype ?? attrType(node, 'dtype'),
  shape: shapeOf(node),
});

const shapeOf = (node: TfNode): ClosedInput['shape'] =>
  node.attrs.has('shape') ? attrShape(node, 'shape') : undefined;
