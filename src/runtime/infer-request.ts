import { DecantError } from '../errors.ts';
import type { TypedArray } from '../tensor/element-type.ts';
import type { Tensor as TensorLike } from '../tensor/tensor.ts';
import { type Handle, NativeObject } from './handle.ts';
import { takeTensor, toNative } from './native-tensor.ts';
import type { Network } from './network.ts';
import type { Output } from './output.ts';
import { type ProfilingInfo, readProfilingInfo } from './profiling-info.ts';
import { checkStorage, Tensor } from './tensor.ts';
import type { ConcurrencyLimit } from '../pipeline/limit-concurrency.ts';

/** A tensor, or just its data for an input of static shape. */
export type InputValue = TensorLike | TypedArray;

/** Inputs by name, or in the model's order. */
export type Inputs = Readonly<Record<string, InputValue>> | readonly InputValue[];

/** Output tensors by the `anyName` of their ports. They are copies, so later inferences do not change them. */
export type Outputs = Record<string, Tensor>;

/** Options of `InferRequest.inferAsync`; `infer` has no signal. */
export interface InferOptions {
  /** Names of the outputs to copy; all by default. Leaving out large ones saves time and memory. */
  readonly outputs?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs one inference at a time; created by `CompiledModel.createInferRequest`. Use several for concurrent inferences. */
export class InferRequest extends NativeObject {
  readonly #model: Network;
  readonly #waitLimit: ConcurrencyLimit;
  /** By input index. Native code reads their memory, so each stays reachable until it is replaced. */
  readonly #tensors = new Map<number, Tensor>();
  #running = false;

  constructor(handle: Handle, model: Network, waitLimit: ConcurrencyLimit) {
    super(handle, model);
    this.#model = model;
    this.#waitLimit = waitLimit;
  }

  /**
   * Sets the tensor of an input for this and later inferences. The data is not copied: do not change it during an inference.
   *
   * @throws DecantError `not-found` if there is no such input, `invalid-argument` for a type or shape that it does not accept
   */
  setTensor(name: string, value: InputValue): void {
    this.#set(this.#model.input(name), value);
  }

  /** `setTensor` for the input at an index. */
  setInputTensor(index: number, value: InputValue): void {
    this.#set(this.#model.input(index), value);
  }

  /** Returns a copy of an output. @throws DecantError `not-found` if there is no such output */
  getTensor(name: string): Tensor {
    return this.#get(this.#model.output(name));
  }

  /** `getTensor` for the output at an index. */
  getOutputTensor(index = 0): Tensor {
    return this.#get(this.#model.output(index));
  }

  /** Runs an inference on the calling thread, which blocks the event loop. */
  infer(inputs: Inputs = {}, { outputs }: Pick<InferOptions, 'outputs'> = {}): Outputs {
    this.#prepare(inputs);
    this.handle.library.call('ov_infer_request_infer', this.handle.object);
    return this.#results(outputs);
  }

  /** Starts an inference on OpenVINO's threads, which `wait` must end. `inferAsync` does not block the event loop. */
  startAsync(inputs: Inputs = {}): void {
    this.#prepare(inputs);
    this.handle.library.call('ov_infer_request_start_async', this.handle.object);
    this.#running = true;
  }

  /** Blocks the calling thread until the inference that `startAsync` started ends. `getTensor` returns its outputs. */
  wait(): void {
    try {
      this.handle.library.call('ov_infer_request_wait', this.handle.object);
    } finally {
      this.#running = false;
    }
  }

  /**
   * Runs an inference on OpenVINO's threads.
   *
   * @throws DecantError `not-found` if an output does not exist, `cancelled` after `cancel()`, `close()` or an abort of the signal
   */
  async inferAsync(inputs: Inputs = {}, { outputs, signal }: InferOptions = {}): Promise<Outputs> {
    if (signal?.aborted === true) throw new DecantError('cancelled', 'the inference was cancelled');
    this.#prepare(inputs);
    const { library } = this.handle;
    const abort = (): void => this.cancel();
    signal?.addEventListener('abort', abort);
    this.#running = true;
    try {
      await this.handle.during(async request => {
        library.call('ov_infer_request_start_async', request);
        await this.#waitLimit(() => library.callAsync('ov_infer_request_wait', request));
      });
    } finally {
      this.#running = false;
      signal?.removeEventListener('abort', abort);
    }
    if (this.handle.closed) throw new DecantError('cancelled', 'the infer request was closed during the inference');
    return this.#results(outputs);
  }

  /** Cancels the running inference, if any; its promise rejects. */
  cancel(): void {
    if (this.#running && !this.handle.closed) this.handle.library.call('ov_infer_request_cancel', this.handle.object);
  }

  /** Returns the timings of the last inference, if the model was compiled with `{ PERF_COUNT: true }`. */
  getProfilingInfo(): readonly ProfilingInfo[] {
    this.#checkIdle();
    return readProfilingInfo(this.handle.library, this.handle.object);
  }

  #prepare(inputs: Inputs): void {
    this.#checkIdle();
    if (isList(inputs)) inputs.forEach((value, index) => this.setInputTensor(index, value));
    else for (const [name, value] of Object.entries(inputs)) this.setTensor(name, value);
    for (const port of this.#model.inputs) {
      const tensor = this.#tensors.get(port.index);
      if (tensor === undefined) throw new DecantError('invalid-argument', `input '${port.anyName}' is not set`);
      checkStorage(tensor);
    }
  }

  #set(port: Output, value: InputValue): void {
    this.#checkIdle();
    const { library, object } = this.handle;
    const tensor = tensorFor(port, value);
    const native = toNative(library, tensor);
    try {
      library.call('ov_infer_request_set_input_tensor_by_index', object, port.index, native);
    } finally {
      library.free('ov_tensor_free', native);
    }
    this.#tensors.set(port.index, tensor);
  }

  #get(port: Output): Tensor {
    this.#checkIdle();
    const { library, object } = this.handle;
    const native = library.create('ov_infer_request_get_output_tensor_by_index', object, port.index);
    return takeTensor(library, native, port);
  }

  #results(names?: readonly string[]): Outputs {
    const ports = names?.map(name => this.#model.output(name)) ?? this.#model.outputs;
    return Object.fromEntries(ports.map(port => [port.anyName, this.#get(port)]));
  }

  #checkIdle(): void {
    if (!this.#running) return;
    throw new DecantError('invalid-argument', 'this infer request is already running', {
      remedy: 'Await it, or create another request: several can run concurrently.',
    });
  }
}

const isList = (inputs: Inputs): inputs is readonly InputValue[] => Array.isArray(inputs);

const isTensor = (value: unknown): value is TensorLike =>
  typeof value === 'object' && value !== null && 'type' in value && 'shape' in value && 'data' in value;

/** Checks `value` against the port; OpenVINO would report a mismatch later and less clearly. */
function tensorFor(port: Output, value: InputValue): Tensor {
  const { elementType, anyName } = port;
  const shape = port.getPartialShape();
  if (ArrayBuffer.isView(value)) {
    const sizes = port.shape.filter(size => size !== undefined);
    if (shape.isStatic()) return new Tensor(elementType, sizes, value);
    throw new DecantError(
      'invalid-argument',
      `input '${anyName}' has the dynamic shape ${shape.toString()}, so its data alone does not determine a shape`,
      {
        remedy: 'Pass a Tensor, which has a shape.',
      },
    );
  }
  if (!isTensor(value)) throw new DecantError('invalid-argument', `the value of input '${anyName}' is not a tensor`);
  const tensor = new Tensor(value.type, value.shape, value.data);
  if (tensor.type !== elementType || !shape.accepts(tensor.shape)) {
    throw new DecantError(
      'invalid-argument',
      `input '${anyName}' accepts ${elementType}${shape.toString()}, got ${tensor.type}[${tensor.shape.join(',')}]`,
    );
  }
  return tensor;
}
