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

/** A tensor, or only its data where the input leaves no size open. */
export type InputValue = TensorLike | TypedArray;

/** Inputs by name, or in the model's order. */
export type Inputs = Readonly<Record<string, InputValue>> | readonly InputValue[];

/** Copies of the outputs, each by its port's `anyName`. */
export type Outputs = Record<string, Tensor>;

/** What is taken from an inference, and what ends it. */
export interface InferOptions {
  /** The outputs to copy, by name; all by default. Large ones that nobody reads cost time and memory. */
  readonly outputs?: readonly string[] | undefined;
  /** Cancels the inference. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs one inference at a time. `CompiledModel.createInferRequest` makes it. */
export class InferRequest extends NativeObject {
  readonly #model: Network;
  readonly #waiting: ConcurrencyLimit;
  /** By position. Native code reads their memory, so each is kept until another takes its place. */
  readonly #tensors = new Map<number, Tensor>();
  #running = false;

  constructor(handle: Handle, model: Network, waiting: ConcurrencyLimit) {
    super(handle, model);
    this.#model = model;
    this.#waiting = waiting;
  }

  /**
   * Gives the input with a name its tensor, for this and later inferences. The data is not copied.
   *
   * @throws DecantError `not-found` without such an input, `invalid-argument` for a type or shape that it does not take
   */
  setTensor(name: string, value: InputValue): void {
    this.#set(this.#model.input(name), value);
  }

  /** `setTensor` for the input at a position. */
  setInputTensor(index: number, value: InputValue): void {
    this.#set(this.#model.input(index), value);
  }

  /** A copy of the output with a name. @throws DecantError `not-found` without such an output */
  getTensor(name: string): Tensor {
    return this.#get(this.#model.output(name));
  }

  /** A copy of the output at a position. */
  getOutputTensor(index = 0): Tensor {
    return this.#get(this.#model.output(index));
  }

  /** Infers on the spot: nothing else of the program runs until it is done. */
  infer(inputs: Inputs = {}): Outputs {
    this.#prepare(inputs);
    this.handle.library.call('ov_infer_request_infer', this.handle.object);
    return this.#results();
  }

  /**
   * Infers while the program goes on.
   *
   * @throws DecantError `not-found` for an output that is not there, `cancelled` after `cancel()`, `close()` or an abort of the signal
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
        await this.#waiting(() => library.callAsync('ov_infer_request_wait', request));
      });
    } finally {
      this.#running = false;
      signal?.removeEventListener('abort', abort);
    }
    if (this.handle.closed) throw new DecantError('cancelled', 'the infer request was closed while it ran');
    return this.#results(outputs);
  }

  /** Ends the inference under way, if there is one: its promise rejects. */
  cancel(): void {
    if (this.#running && !this.handle.closed) this.handle.library.call('ov_infer_request_cancel', this.handle.object);
  }

  /** How each operation of the last inference spent its time, in a model compiled with `{ PERF_COUNT: true }`. */
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
      if (tensor === undefined) throw new DecantError('invalid-argument', `input '${port.anyName}' has no tensor`);
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
    throw new DecantError('invalid-argument', 'this infer request is running', {
      remedy: 'Wait for it, or make another request: several run at once.',
    });
  }
}

const isList = (inputs: Inputs): inputs is readonly InputValue[] => Array.isArray(inputs);

const isTensor = (value: unknown): value is TensorLike =>
  typeof value === 'object' && value !== null && 'type' in value && 'shape' in value && 'data' in value;

/** `value` as a tensor, checked against what the input takes; OpenVINO would fail later, or name source files. */
function tensorFor(port: Output, value: InputValue): Tensor {
  const { elementType, anyName } = port;
  const shape = port.getPartialShape();
  if (ArrayBuffer.isView(value)) {
    const sizes = port.shape.filter(size => size !== undefined);
    if (shape.isStatic()) return new Tensor(elementType, sizes, value);
    throw new DecantError('invalid-argument', `input '${anyName}' leaves sizes open: ${shape.toString()}`, {
      remedy: 'Give a tensor, whose shape says them.',
    });
  }
  if (!isTensor(value)) throw new DecantError('invalid-argument', `input '${anyName}' needs a tensor`);
  const tensor = new Tensor(value.type, value.shape, value.data);
  if (tensor.type !== elementType || !shape.accepts(tensor.shape)) {
    throw new DecantError(
      'invalid-argument',
      `input '${anyName}' takes ${elementType}${shape.toString()}, not ${tensor.type}[${tensor.shape.join(',')}]`,
    );
  }
  return tensor;
}
