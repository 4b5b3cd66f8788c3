import { DecantError } from '../../errors.ts';
import type { InferenceInput, InferenceGraph, InferenceOutput } from '../inference-graph.ts';
import type { Signature, TensorInfo, TfGraph, TfModel, TfNode } from '../model.ts';
import { nodeOf, outputIndexOf } from '../tensor-name.ts';
import { type GraphIo, graphIo } from './graph-io.ts';
import { inputOf } from './input-of.ts';

const DEFAULT_SIGNATURE = 'serving_default';

export interface SignatureOptions {
  /** Key of the signature; by default `serving_default`, or the only one. */
  readonly signature?: string;
  /** Tensors that become outputs of a graph without signatures, even if other nodes use them. */
  readonly outputs?: readonly string[];
}

export function selectSignature(
  model: TfModel,
  { signature: key, outputs: requested = [] }: SignatureOptions = {},
): InferenceGraph {
  const signature = signatureOf(model, key);
  const { name, graph } = model;
  const io = signature === undefined ? graphIo(graph, requested) : signatureIo(graph, signature, requested.length > 0);
  return { name, graph, functions: new Map(), ...io };
}

function signatureOf({ signatures }: TfModel, key: string | undefined): Signature | undefined {
  const keys = [...signatures.keys()];
  if (key !== undefined) {
    const signature = signatures.get(key);
    if (signature !== undefined) return signature;
    throw new DecantError(
      'not-found',
      keys.length === 0
        ? `the model has no signature '${key}': it has no signatures`
        : `the model has no signature '${key}'`,
      keys.length === 0 ? {} : { remedy: `Choose one of: ${keys.join(', ')}.` },
    );
  }
  if (keys.length <= 1) return signatures.get(keys[0] ?? '');
  const standard = signatures.get(DEFAULT_SIGNATURE);
  if (standard !== undefined) return standard;
  throw new DecantError(
    'invalid-argument',
    `the model has ${keys.length} signatures, none of them ${DEFAULT_SIGNATURE}`,
    {
      remedy: `Choose one with --signature: ${keys.join(', ')}.`,
    },
  );
}

/** OpenVINO sorts by name. */
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

/** Outputs of strings, which devices do not compute, are left out if there are others. @param keepsTexts unless they are chosen */
function signatureIo(graph: TfGraph, signature: Signature, keepsTexts: boolean): GraphIo {
  const sourceOf = (kind: string, name: string, { tensor }: TensorInfo): TfNode => {
    const node = graph.get(nodeOf(tensor));
    if (node !== undefined) return node;
    throw tensor === ''
      ? new DecantError('unsupported', `signature ${kind} '${name}' is not a dense tensor`, {
          remedy:
            'Name tensors of the graph with --input and --output instead, or export the signature with dense tensors (tf.sparse.to_dense).',
        })
      : new DecantError('malformed', `signature ${kind} '${name}' is '${tensor}', which is not in the graph`);
  };
  const inputs = [...signature.inputs].map(([name, info]): InferenceInput => {
    const node = sourceOf('input', name, info);
    if (outputIndexOf(info.tensor) !== 0) {
      throw new DecantError('unsupported', `signature input '${name}' is one of several outputs of '${node.name}'`, {
        remedy: 'Start the model at tensors of other ops with --input.',
      });
    }
    return inputOf(name, node, info);
  });
  const returned = [...signature.outputs];
  const numbers = keepsTexts ? returned : returned.filter(([, { dtype }]) => dtype !== 'DT_STRING');
  const kept = numbers.length === 0 ? returned : numbers;
  const outputs = kept.map(([name, info]): InferenceOutput => {
    sourceOf('output', name, info);
    return { name, tensor: info.tensor };
  });
  if (outputs.length === 0)
    throw new DecantError('unsupported', 'the signature has no outputs', {
      remedy: 'Select another signature with --signature, or name the outputs with --output.',
    });
  return { inputs: inputs.sort(byName), outputs: outputs.sort(byName), notes: notesOn(returned, kept) };
}

type Outputs = readonly (readonly [name: string, info: TensorInfo])[];

function notesOn(returned: Outputs, kept: Outputs): readonly string[] {
  const missing = returned.filter(each => !kept.includes(each)).map(([name]) => `'${name}'`);
  return missing.length === 0
    ? []
    : [`Left out ${missing.sort().join(', ')}: OpenVINO devices do not compute strings.`];
}
