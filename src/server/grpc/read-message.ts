import { DecantError } from '../../errors.ts';
import { sizeOf, type Tensor, tensor, tensorOf } from '../../tensor/tensor.ts';
import { type Datatype, datatypeNamed, elementTypeOf } from '../../kserve/datatypes.ts';
import { checkParameters, checkShape, type InferenceRequest, type InputTensor } from '../kserve/inference-request.ts';
import { inputFromBytes } from '../kserve/tensor-bytes.ts';
import { inputFromJson } from '../kserve/tensor-json.ts';
import type { InferInputMessage, ModelInferRequest, TensorContents } from './messages.ts';

/** @throws DecantError `invalid-argument`, `unsupported` */
export function readMessage(message: ModelInferRequest): InferenceRequest {
  const { id, inputs, outputs, parameters, raw_input_contents: raw } = message;
  checkParameters(Object.keys(parameters));
  if (raw.length > 0 && raw.length !== inputs.length) {
    throw new DecantError(
      'invalid-argument',
      `there are ${inputs.length} inputs, but ${raw.length} raw_input_contents`,
    );
  }
  for (const output of outputs) checkParameters(Object.keys(output.parameters));
  return {
    id,
    inputs: inputs.map((input, i) => readInput(input, raw[i])),
    outputs: outputs.length === 0 ? undefined : outputs.map(({ name }) => ({ name, binary: true })),
    binary: true,
  };
}

function readInput({ name, parameters, contents, ...input }: InferInputMessage, raw: Buffer | undefined): InputTensor {
  checkParameters(Object.keys(parameters));
  const datatype = datatypeNamed(input.datatype);
  const shape = checkShape(name, input.shape.map(Number));
  if (raw !== undefined && contents !== null) {
    throw new DecantError('invalid-argument', `input '${name}' has both contents and raw_input_contents`);
  }
  if (raw !== undefined) return inputFromBytes(name, datatype, shape, raw);
  if (contents === null && sizeOf(shape) > 0)
    throw new DecantError('invalid-argument', `input '${name}' has no contents`);
  return contents === null
    ? inputFromBytes(name, datatype, shape, new Uint8Array())
    : fromContents(name, datatype, shape, contents);
}

/** The list of each datatype; the protocol has none for the others. */
const LISTS: Partial<Readonly<Record<Datatype, keyof TensorContents>>> = {
  BOOL: 'bool_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

const LIST_NAMES = [...new Set(Object.values(LISTS))];

function fromContents(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  contents: TensorContents,
): InputTensor {
  const list = LISTS[datatype];
  if (list === undefined) {
    throw new DecantError('invalid-argument', `input '${name}' of ${datatype} must be in raw_input_contents`);
  }
  const elements = contents[list];
  const other = LIST_NAMES.find(each => each !== list && contents[each].length > 0);
  if (other !== undefined) {
    throw new DecantError('invalid-argument', `input '${name}' of ${datatype} must be in ${list}, not in ${other}`);
  }
  if (elements.length !== sizeOf(shape)) {
    throw new DecantError(
      'invalid-argument',
      `input '${name}' ${datatype}[${shape.join(',')}] must have ${sizeOf(shape)} elements in ${list}, got ${elements.length}`,
    );
  }
  if (datatype === 'BYTES') return { name, datatype, shape, elements: contents.bytes_contents };
  if (datatype === 'INT64') return { name, datatype, shape, tensor: signed(shape, contents.int64_contents) };
  if (datatype === 'UINT64') return { name, datatype, shape, tensor: unsigned(shape, contents.uint64_contents) };
  // Reals may be infinite, unlike those in JSON.
  if (datatype === 'FP32') return { name, datatype, shape, tensor: reals('FP32', shape, contents.fp32_contents) };
  if (datatype === 'FP64') return { name, datatype, shape, tensor: reals('FP64', shape, contents.fp64_contents) };
  return inputFromJson(name, datatype, shape, elements);
}

const reals = (datatype: Datatype, shape: readonly number[], numbers: readonly number[]): Tensor =>
  tensorOf(elementTypeOf(datatype), shape, numbers);

const signed = (shape: readonly number[], texts: readonly string[]): Tensor =>
  tensor('i64', shape, BigInt64Array.from(texts, BigInt));

const unsigned = (shape: readonly number[], texts: readonly string[]): Tensor =>
  tensor('u64', shape, BigUint64Array.from(texts, BigInt));
