import { sizeOf, type Tensor, tensor, tensorOf } from '../tensor/tensor.ts';
import { byteLengthOf, viewAs } from '../tensor/element-type.ts';
import { datatypeOf, elementTypeOf, isDatatype } from './datatypes.ts';
import { recordOf, strange } from './metadata.ts';

/** The length of the JSON before binary tensors. */
export const JSON_LENGTH = 'inference-header-content-length';

/** A request or response: JSON, and the bytes of tensors after it, in the order in which the JSON lists them. */
export interface Message {
  readonly body: Uint8Array;
  readonly jsonLength: number;
}

/** Writes an inference request whose tensors, and those of its response, are binary. */
export function inferRequest(inputs: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Message {
  const tensors = Object.entries(inputs);
  const json = JSON.stringify({
    inputs: tensors.map(([name, { type, shape, data }]) => ({
      name,
      shape,
      datatype: datatypeOf(type),
      parameters: { binary_data_size: data.byteLength },
    })),
    outputs: outputs.map(name => ({ name, parameters: { binary_data: true } })),
  });
  const header = new TextEncoder().encode(json);
  const parts = [
    header,
    ...tensors.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
  return { body: Buffer.concat(parts), jsonLength: header.byteLength };
}

/** Reads the tensors of a response, binary or in JSON. @throws DecantError `network` if it is malformed */
export function tensorsIn({ body, jsonLength }: Message): Readonly<Record<string, Tensor>> {
  const { outputs } = recordOf(parseJson(body.subarray(0, jsonLength)));
  if (!Array.isArray(outputs)) throw strange('inference response');
  let at = jsonLength;
  const read = (output: unknown): readonly [string, Tensor] => {
    const { name, datatype, shape, parameters, data } = recordOf(output);
    const type = typeof datatype === 'string' && isDatatype(datatype) ? elementTypeOf(datatype) : undefined;
    if (typeof name !== 'string' || type === undefined || !isShape(shape)) throw strange('inference response');
    const size = parameters === undefined ? undefined : recordOf(parameters)['binary_data_size'];
    if (size === undefined) {
      const numbers = numbersIn(data);
      if (numbers.length !== sizeOf(shape)) throw strange('inference response');
      return [name, tensorOf(type, shape, numbers)];
    }
    const bytes = body.subarray(at, at + byteLengthOf(type, sizeOf(shape)));
    if (size !== bytes.byteLength || size !== byteLengthOf(type, sizeOf(shape))) throw strange('inference response');
    at += bytes.byteLength;
    return [name, tensor(type, shape, viewAs(type, bytes, sizeOf(shape)))];
  };
  return Object.fromEntries(outputs.map(read));
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    throw strange('message');
  }
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.every(size => Number.isSafeInteger(size) && (size as number) >= 0);

/** Numbers may be nested like the shape. */
function numbersIn(data: unknown): readonly number[] {
  if (!Array.isArray(data)) throw strange('inference response');
  return (data as readonly unknown[]).flat(Infinity).map(Number);
}
