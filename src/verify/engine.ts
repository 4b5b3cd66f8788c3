import { networkPorts } from '../api/network-ports.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Core } from '../runtime/core.ts';
import type { InferRequest } from '../runtime/infer-request.ts';
import type { Output } from '../runtime/output.ts';
import type { ModelSource } from '../runtime/read-call.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A model compiled for comparison: in f32, with profiling. */
export class Engine implements Disposable {
  readonly compileMs: number;
  readonly #compiled: CompiledModel;
  readonly #request: InferRequest;

  private constructor(compiled: CompiledModel, compileMs: number) {
    this.compileMs = compileMs;
    this.#compiled = compiled;
    this.#request = compiled.createInferRequest();
  }

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

  /** Returns the duration in milliseconds. */
  async infer(inputs: Tensors): Promise<number> {
    const list = this.#inOrder(inputs);
    const start = performance.now();
    await this.#request.inferAsync(list);
    return performance.now() - start;
  }

  outputs(names: readonly string[]): Tensors {
    return Object.fromEntries(
      names.flatMap(name => {
        const port = portOf(name, key => this.#compiled.output(key));
        return port === undefined ? [] : [[name, this.#request.getOutputTensor(port.index)]];
      }),
    );
  }

  executedNodes(): number {
    return this.#request.getProfilingInfo().filter(({ status }) => status === 'executed').length;
  }

  #inOrder(inputs: Tensors): readonly Tensor[] {
    const list: Tensor[] = [];
    for (const [name, tensor] of Object.entries(inputs)) {
      const port = portOf(name, key => this.#compiled.input(key));
      if (port === undefined) throw this.#inputMismatch(inputs);
      list[port.index] = tensor;
    }
    if (Object.keys(list).length !== this.#compiled.inputs.length) throw this.#inputMismatch(inputs);
    return list;
  }

  #inputMismatch(inputs: Tensors): DecantError {
    const own = this.#compiled.inputs.map(port => port.toString()).join(', ');
    return new DecantError('unsupported', `the model has the inputs ${own}, not ${Object.keys(inputs).join(', ')}`, {
      remedy: 'Give the stored inputs these names, one for each input of the model.',
    });
  }

  [Symbol.dispose](): void {
    this.#compiled.close();
  }
}

/** The port with a name, to which OpenVINO's frontend may append the output index. */
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
