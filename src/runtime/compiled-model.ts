import { type Config, propertyTexts } from './config.ts';
import type { Handle, NativeObject } from './handle.ts';
import { InferRequest } from './infer-request.ts';
import { Network, type NetworkFunctions } from './network.ts';
import { limitConcurrency } from '../pipeline/limit-concurrency.ts';

const FUNCTIONS: NetworkFunctions = {
  inputs: {
    side: 'input',
    count: 'ov_compiled_model_inputs_size',
    byIndex: 'ov_compiled_model_input_by_index',
    byName: 'ov_compiled_model_input_by_name',
  },
  outputs: {
    side: 'output',
    count: 'ov_compiled_model_outputs_size',
    byIndex: 'ov_compiled_model_output_by_index',
    byName: 'ov_compiled_model_output_by_name',
  },
};

/**
 * Threads per model that block in `ov_infer_request_wait`, out of the four of libuv's pool, which Node also needs for files
 * and images. It does not limit how many requests run. A second thread lets a request complete before a slower earlier one.
 */
const WAITING_THREADS = 2;

/** A model compiled for a device, created by `Core.compileModel`. Its infer requests may run concurrently. */
export class CompiledModel extends Network {
  readonly #waitLimit = limitConcurrency(WAITING_THREADS);

  constructor(handle: Handle, madeFrom: NativeObject) {
    super(handle, madeFrom, FUNCTIONS);
  }

  /** OpenVINO's build number, as `Core.version`. */
  get version(): string {
    return this.handle.library.version;
  }

  /** Creates a request, which runs one inference at a time. Closing the compiled model closes its requests. */
  createInferRequest(): InferRequest {
    const { library, object } = this.handle;
    const request = library.create('ov_compiled_model_create_infer_request', object);
    const handle = this.handle.child('infer request', request, {
      free: pointer => library.free('ov_infer_request_free', pointer),
      interrupt: pointer => library.call('ov_infer_request_cancel', pointer),
    });
    return new InferRequest(handle, this, this.#waitLimit);
  }

  /** Returns a property as OpenVINO prints it. @throws DecantError `runtime-failed` if there is no such property */
  getProperty(name: string): string {
    const { library, object } = this.handle;
    return library.takeText(library.create('ov_compiled_model_get_property', object, name));
  }

  /** Sets properties. @throws DecantError `runtime-failed` for one that is read-only after compilation, which most are */
  setProperty(config: Config): void {
    const { library, object } = this.handle;
    for (const [name, value] of propertyTexts(config)) {
      library.call('ov_compiled_model_set_property', object, name, value);
    }
  }
}
