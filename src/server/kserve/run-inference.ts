import { joinBatch } from '../../api/batch-tensors.ts';
import type { Tensors } from '../../detect/heads/port.ts';
import { DecantError } from '../../errors.ts';
import { packStrings } from '../../tensor/strings.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Output } from '../../runtime/output.ts';
import { decodeSentImage } from '../decode-sent-image.ts';
import { batchKey } from '../models/batch.ts';
import type { LoadedModel } from '../models/loaded-model.ts';
import { datatypeOf } from '../../kserve/datatypes.ts';
import type { InferenceRequest, InputTensor } from './inference-request.ts';

export interface RunOptions {
  readonly imagePixels: number;
  readonly images: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a request. Image files (BYTES) for the input of a detector are decoded, and resized to it.
 *
 * @returns the requested outputs, in order
 * @throws DecantError `invalid-argument` for names, types or shapes that are not those of the model
 */
export async function runInference(
  model: LoadedModel,
  request: InferenceRequest,
  options: RunOptions,
): Promise<readonly (readonly [name: string, tensor: Tensor])[]> {
  const { inputs, outputs } = model.compiled;
  const given = byName(inputs, request.inputs);
  const names = request.outputs?.map(({ name }) => portNamed(outputs, name, 'output').anyName);
  if (new Set(names).size !== (names?.length ?? 0)) {
    throw new DecantError('invalid-argument', 'an output is requested twice');
  }
  const wanted = names ?? outputs.map(({ anyName }) => anyName);
  const results = await model.infer(() => readInputs(model, given, options), wanted, options.signal);
  return wanted.map(name => [name, results[name]!]);
}

/** Pairs the ports with the inputs of the request, and checks that each is given once. */
function byName(ports: readonly Output[], inputs: readonly InputTensor[]): readonly (readonly [Output, InputTensor])[] {
  const given = inputs.map(input => [portNamed(ports, input.name, 'input'), input] as const);
  for (const port of ports) {
    const count = given.filter(([each]) => each === port).length;
    if (count === 1) continue;
    throw new DecantError('invalid-argument', `input '${port.anyName}' is ${count === 0 ? 'missing' : 'given twice'}`);
  }
  for (const [port, input] of given) if (input.datatype !== 'BYTES') checkPort(port, input.tensor);
  return given;
}

function portNamed(ports: readonly Output[], name: string, side: string): Output {
  const port = ports.find(({ anyName }) => anyName === name);
  if (port !== undefined) return port;
  throw new DecantError('invalid-argument', `the model has no ${side} '${name}'`, {
    remedy: `Its ${side}s are ${ports.map(({ anyName }) => `'${anyName}'`).join(', ')}.`,
  });
}

function checkPort(port: Output, { type, shape }: Tensor): void {
  if (type === port.elementType && port.getPartialShape().accepts(shape)) return;
  throw new DecantError(
    'invalid-argument',
    `input '${port.anyName}' is ${datatypeOf(port.elementType)}${port.getPartialShape().toString()}, got ${datatypeOf(type)}[${shape.join(',')}]`,
  );
}

async function readInputs(
  model: LoadedModel,
  given: readonly (readonly [Output, InputTensor])[],
  options: RunOptions,
): Promise<Tensors> {
  const tensors: Record<string, Tensor> = {};
  for (const [port, input] of given) {
    if (input.datatype !== 'BYTES') tensors[port.anyName] = input.tensor;
    else if (port.elementType === 'string') tensors[port.anyName] = packStrings(input.shape, input.elements);
    else Object.assign(tensors, await imagesFor(model, port, input.elements, options));
  }
  return tensors;
}

async function imagesFor(
  { head }: LoadedModel,
  port: Output,
  files: readonly Uint8Array[],
  { imagePixels, images }: RunOptions,
): Promise<Tensors> {
  if (head instanceof DecantError) {
    throw new DecantError('invalid-argument', `input '${port.anyName}' takes no BYTES: ${head.message}`, {
      remedy: `Send ${datatypeOf(port.elementType)}.`,
    });
  }
  if (files.length === 0 || files.length > images) {
    throw new DecantError('invalid-argument', `a request must have 1 to ${images} images, got ${files.length}`);
  }
  const prepared: Tensors[] = [];
  for (const [i, file] of files.entries()) {
    prepared.push(await head.prepare(await decodeSentImage(asFile(file), `image ${i + 1}`, imagePixels)));
  }
  const batch = new Set(prepared.map(batchKey)).size === 1 ? joinBatch(prepared) : undefined;
  const tensor = batch?.[port.anyName];
  if (tensor === undefined) {
    throw new DecantError(
      'invalid-argument',
      'the images of a batch must have the same size, because the model takes any',
    );
  }
  checkPort(port, tensor);
  return { [port.anyName]: tensor };
}

/** JSON can only hold an image file in base64, which the beginning of no image file looks like. */
function asFile(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isText = /^[\w+/-]{16,64}={0,2}$/.test(file.toString('latin1', 0, 64));
  return isText ? Buffer.from(file.toString('latin1'), 'base64') : bytes;
}
