import { networkPorts } from '../api/network-ports.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Core } from '../runtime/core.ts';
import type { InferRequest } from '../runtime/infer-request.ts';
import type { Output } from '../runtime/output.ts';
import type { ModelSource } from '../runtime/read-call.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A model that was compiled to be compared with another one, in f32 and with its operations counted. */
export class Engine implements Disposable {
  /** Milliseconds that OpenVINO took to compile it, once it was read. */
  readonly compileMs: number;
  readonly #compiled: CompiledModel;
  readonly #request: InferRequest;

  private constructor(compiled: CompiledModel, compileMs: number) {
    this.compileMs = compileMs;
    this.#compiled = compiled;
    this.#request = compiled.createInferRequest();
  }

  /** @throws DecantError `runtime-failed`, `not-found` for a device that is not there */
  static async load(core: Core, source: ModelSource, device: string): Promise<Engine> {
    using model = await core.readModel(source);
    const start = performance.now();
    const compiled = await core.compileModel(model, device, {
      INFERENCE_PRECISION_HINT: 'f32',
      PERFORMANCE_HINT: 'LATENCY',
      PERF_COUNT: true,
    });
    return new Engine(compiled, performance.now() - start);
  }

  get ports(): Ports {
    return networkPorts(this.#compiled);
  }

  /** Infers; returns the milliseconds that it took. */
  async infer(inputs: Tensors): Promise<number> {
    const list = this.#inOrder(inputs);
    const start = performance.now();
    await this.#request.inferAsync(list);
    return performance.now() - start;
  }

  /** The outputs of the last inference that go by some of the names. */
  outputs(names: readonly string[]): Tensors {
    return Object.fromEntries(
      names.flatMap(name => {
        const port = portOf(name, key => this.#compiled.output(key));
        return port === undefined ? [] : [[name, this.#request.getOutputTensor(port.index)]];
      }),
    );
  }

  /** How many operations the last inference executed. */
  executedNodes(): number {
    return this.#request.getProfilingInfo().filter(({ status }) => status === 'executed').length;
  }

  #inOrder(inputs: Tensors): readonly Tensor[] {
    const list: Tensor[] = [];
    for (const [name, tensor] of Object.entries(inputs)) {
      const port = portOf(name, key => this.#compiled.input(key));
      if (port === undefined) throw this.#otherInputs(inputs);
      list[port.index] = tensor;
    }
    if (Object.keys(list).length !== this.#compiled.inputs.length) throw this.#otherInputs(inputs);
    return list;
  }

  #otherInputs(inputs: Tensors): DecantError {
    const own = this.#compiled.inputs.map(port => port.toString()).join(', ');
    return new DecantError('unsupported', `its inputs are ${own}, not ${Object.keys(inputs).join(', ')}`);
  }

  [Symbol.dispose](): void {
    this.#compiled.close();
  }
}

/** The port with a name, which OpenVINO's frontend may spell with the number of the op's output behind it. */
function portOf(name: string, find: (name: string) => Output): Output | undefined {
  for (const spelling of [name, `${name}:0`]) {
    try {
      return find(spelling);
    } catch (thrown) {
      if (!(thrown instanceof DecantError) || thrown.code !== 'not-found') throw thrown;
    }
  }
  return undefined;
}
