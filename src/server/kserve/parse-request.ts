import { DecantError } from '../../errors.ts';
import { datatypeNamed } from '../../kserve/datatypes.ts';
import {
  checkParameters,
  checkShape,
  type InferenceRequest,
  type InputTensor,
  type RequestedOutput,
} from './inference-request.ts';
import { inputFromBytes } from './tensor-bytes.ts';
import { inputFromJson } from './tensor-json.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Parses the body of an inference request: JSON, and after it the bytes of the inputs that have a `binary_data_size`.
 *
 * @param jsonLength bytes of the JSON; undefined if there is nothing else
 * @throws DecantError `malformed`, `invalid-argument`, `unsupported`
 */
export function parseRequest(body: Uint8Array, jsonLength: number | undefined): InferenceRequest {
  const length = jsonLength ?? body.byteLength;
  if (length > body.byteLength) {
    throw new DecantError(
      'invalid-argument',
      `Inference-Header-Content-Length is ${length}, but the request has ${body.byteLength} bytes`,
    );
  }
  const json = recordIn(parseJson(body.subarray(0, length)), 'the request');
  const parameters = parametersIn(json, 'the request');
  const binary = booleanIn(parameters, 'binary_data_output', false);
  const rest = new BytesReader(body.subarray(length));
  const inputs = listIn(json, 'inputs', 'the request').map(input => inputIn(recordIn(input, 'an input'), rest));
  if (rest.left > 0) throw new DecantError('invalid-argument', `${rest.left} bytes after the JSON belong to no input`);
  return {
    id: json['id'] === undefined ? undefined : textIn(json, 'id', 'the request'),
    inputs,
    outputs:
      json['outputs'] === undefined
        ? undefined
        : listIn(json, 'outputs', 'the request').map(output => outputIn(recordIn(output, 'an output'), binary)),
    binary,
  };
}

function inputIn(json: Json, rest: BytesReader): InputTensor {
  const name = textIn(json, 'name', 'an input');
  const where = `input '${name}'`;
  const datatype = datatypeNamed(textIn(json, 'datatype', where));
  const shape = checkShape(name, listIn(json, 'shape', where));
  const size = parametersIn(json, where)['binary_data_size'];
  if (size === undefined) return inputFromJson(name, datatype, shape, listIn(json, 'data', where));
  if (json['data'] !== undefined) throw new DecantError('invalid-argument', `${where} has both data and binary data`);
  return inputFromBytes(name, datatype, shape, rest.take(size, where));
}

function outputIn(json: Json, binary: boolean): RequestedOutput {
  const name = textIn(json, 'name', 'an output');
  return { name, binary: booleanIn(parametersIn(json, `output '${name}'`), 'binary_data', binary) };
}

/** Hands out the bytes after the JSON, in the order of the inputs. */
class BytesReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  take(size: unknown, where: string): Uint8Array {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > this.left) {
      throw new DecantError(
        'invalid-argument',
        `the binary_data_size of ${where} must be a whole number up to ${this.left}, the bytes that are left`,
      );
    }
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DecantError('malformed', 'the request is not valid JSON', {
      cause,
      remedy: 'Send JSON, and its length as Inference-Header-Content-Length if binary data follow.',
    });
  }
}

function recordIn(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new DecantError('invalid-argument', `${where} must be a JSON object`);
}

function listIn(json: Json, field: string, where: string): readonly unknown[] {
  const value = json[field];
  if (Array.isArray(value)) return value;
  throw new DecantError('invalid-argument', `${where} needs a list '${field}'`);
}

function textIn(json: Json, field: string, where: string): string {
  const value = json[field];
  if (typeof value === 'string') return value;
  throw new DecantError('invalid-argument', `${where} needs a string '${field}'`);
}

function parametersIn(json: Json, where: string): Json {
  if (json['parameters'] === undefined) return {};
  const parameters = recordIn(json['parameters'], `'parameters' of ${where}`);
  checkParameters(Object.keys(parameters));
  return parameters;
}

function booleanIn(parameters: Json, name: string, otherwise: boolean): boolean {
  const value = parameters[name] ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new DecantError('invalid-argument', `the parameter '${name}' must be true or false`);
}
