import { bytesOf, type Tensor } from '../../tensor/tensor.ts';
import { datatypeOf } from '../../kserve/datatypes.ts';
import type { InferenceRequest } from './inference-request.ts';
import { outputJson } from './tensor-json.ts';

export interface AnswerBody {
  readonly bytes: Buffer;
  /** Bytes of the JSON; undefined if there is nothing else. */
  readonly jsonLength: number | undefined;
}

/** Returns the answer to a request: JSON, and after it the bytes of the outputs that were requested as binary data. */
export function answerBody(
  model: { readonly name: string; readonly version: string },
  { id, outputs, binary }: InferenceRequest,
  results: readonly (readonly [name: string, tensor: Tensor])[],
): AnswerBody {
  const parts: Uint8Array[] = [];
  const tensors = results.map(([name, tensor]) => {
    const head = { name, datatype: datatypeOf(tensor.type), shape: tensor.shape };
    if (!(outputs?.find(output => output.name === name)?.binary ?? binary)) {
      return withField(head, 'data', outputJson(name, tensor));
    }
    const bytes = bytesOf(tensor);
    parts.push(bytes);
    return JSON.stringify({ ...head, parameters: { binary_data_size: bytes.byteLength } });
  });
  const head = { model_name: model.name, model_version: model.version, ...(id !== undefined && { id }) };
  const json = Buffer.from(withField(head, 'outputs', `[${tensors.join(',')}]`));
  if (parts.length === 0) return { bytes: json, jsonLength: undefined };
  return { bytes: Buffer.concat([json, ...parts]), jsonLength: json.byteLength };
}

/** Adds a field that is JSON already. */
const withField = (object: object, field: string, json: string): string =>
  `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(field)}:${json}}`;
