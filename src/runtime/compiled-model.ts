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
 * Threads that wait for the requests of one model, out of the four that Node also needs for files and pictures. All
 * requests run at once whatever this is, and end about in the order of their start; a second thread lets one end before
 * a slower one ahead of it.
 */
const WAITING_THREADS = 2;

/** A model that is ready to run on a device. `Core.compileModel` makes it. */
export class CompiledModel extends Network {
  readonly #waiting = limitConcurrency(WAITING_THREADS);

  constructor(handle: Handle, madeFrom: NativeObject) {
    super(handle, madeFrom, FUNCTIONS);
  }

  /** The build number of the OpenVINO that runs it, as `Core.version`. */
  get version(): string {
    return this.handle.library.version;
  }

  /** A request runs one inference at a time; several requests run at once. */
  createInferRequest(): InferRequest {
    const { library, object } = this.handle;
    const request = library.create('ov_compiled_model_create_infer_request', object);
    const handle = this.handle.child('infer request', request, {
      free: pointer => library.free('ov_infer_request_free', pointer),
      interrupt: pointer => library.call('ov_infer_request_cancel', pointer),
    });
    return new InferRequest(handle, this, this.#waiting);
  }

  /** The value as OpenVINO prints it. @throws DecantError `runtime-failed` when there is no such property */
  getProperty(name: string): string {
    const { library, object } = this.handle;
    return library.takeText(library.create('ov_compiled_model_get_property', object, name));
  }

  /** @throws DecantError `runtime-failed` for a property that does not change once the model is compiled */
  setProperty(config: Config): void {
    const { library, object } = this.handle;
    for (const [name, value] of propertyTexts(config)) {
      library.call('ov_compiled_model_set_property', object, name, value);
    }
  }
}
