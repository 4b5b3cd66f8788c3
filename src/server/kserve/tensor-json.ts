import { DecantError } from '../../errors.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { type Datatype, elementTypeOf } from '../../kserve/datatypes.ts';
import type { InputTensor } from './inference-request.ts';

/** Largest magnitudes; numbers halfway to the next one would round to infinity. */
const LARGEST_REAL: Partial<Readonly<Record<Datatype, number>>> = {
  FP16: 65_519.99,
  BF16: 3.39e38,
  FP32: 3.402_823_566e38,
  FP64: Number.MAX_VALUE,
};

const bits = (datatype: Datatype): number => Number(/\d+$/.exec(datatype)?.[0]);

/** Returns whether an element of JSON is one of a datatype, without rounding or wrapping whole numbers. */
function checkerOf(datatype: Datatype): (element: unknown) => boolean {
  if (datatype === 'BOOL') return element => typeof element === 'boolean' || element === 0 || element === 1;
  const largest = LARGEST_REAL[datatype];
  if (largest !== undefined) return element => typeof element === 'number' && Math.abs(element) <= largest;
  const isUnsigned = datatype.startsWith('U');
  const most = 2 ** (bits(datatype) - (isUnsigned ? 0 : 1));
  const least = isUnsigned ? 0 : -most;
  return element => Number.isSafeInteger(element) && Number(element) >= least && Number(element) < most;
}

/**
 * Reads an input from JSON: its elements in row-major order, or nested as its shape.
 *
 * @throws DecantError `invalid-argument` if the number of elements, the nesting or an element is wrong
 */
export function inputFromJson(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  data: readonly unknown[],
): InputTensor {
  const flat = Array.isArray(data[0]) ? flattened(name, data, shape) : data;
  const count = sizeOf(shape);
  if (flat.length !== count) {
    throw new DecantError(
      'invalid-argument',
      `input '${name}' ${datatype}[${shape.join(',')}] must have ${count} elements, got ${flat.length}`,
    );
  }
  if (datatype === 'BYTES') {
    const isText = (element: unknown): element is string => typeof element === 'string';
    if (!flat.every(isText))
      throw wrongElement(
        name,
        datatype,
        flat.find(element => !isText(element)),
      );
    return { name, datatype, shape, elements: flat.map(text => Buffer.from(text)) };
  }
  const check = checkerOf(datatype);
  const wrong = flat.findIndex(element => !check(element));
  if (wrong >= 0) throw wrongElement(name, datatype, flat[wrong]);
  const numbers = datatype === 'BOOL' ? flat.map(Number) : (flat as readonly number[]);
  return { name, datatype, shape, tensor: tensorOf(elementTypeOf(datatype), shape, numbers) };
}

function wrongElement(name: string, datatype: Datatype, element: unknown): DecantError {
  // Lists may be nested deeper than the stack.
  const text = typeof element === 'object' && element !== null ? 'list or object' : JSON.stringify(element);
  const remedy = datatype.endsWith('64') ? { remedy: 'Send large whole numbers as binary data.' } : {};
  return new DecantError(
    'invalid-argument',
    `input '${name}' has the element ${text.slice(0, 40)}, which is not ${datatype}`,
    remedy,
  );
}

/** Flattens one level after the other, so that the depth of hostile data does not matter. */
function flattened(name: string, data: readonly unknown[], shape: readonly number[]): readonly unknown[] {
  let level = data;
  for (const [depth, size] of shape.entries()) {
    const count = sizeOf(shape.slice(0, depth + 1));
    if (level.length !== count) throw wrongNesting(name, shape);
    if (depth === shape.length - 1) return level;
    const below = shape[depth + 1]!;
    if (!level.every(item => Array.isArray(item) && item.length === below) && size > 0) throw wrongNesting(name, shape);
    level = (level as readonly (readonly unknown[])[]).flat();
  }
  return level;
}

const wrongNesting = (name: string, shape: readonly number[]): DecantError =>
  new DecantError('invalid-argument', `the data of input '${name}' is not nested as its shape [${shape.join(',')}]`);

/**
 * Returns the elements of an output as JSON, with all digits of whole numbers.
 *
 * @throws DecantError `unsupported` if one of them is not finite, which JSON cannot express
 */
export function outputJson(name: string, tensor: Tensor): string {
  const { type, data } = tensor;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return `[${data.join(',')}]`;
  if (type === 'boolean') return JSON.stringify(Array.from(data, byte => byte !== 0));
  const numbers = Array.from(numbersOf(tensor));
  if (numbers.every(Number.isFinite)) return JSON.stringify(numbers);
  throw new DecantError('unsupported', `output '${name}' has elements that are not finite, which JSON cannot express`, {
    remedy: 'Ask for binary data: "parameters": {"binary_data_output": true}.',
  });
}
