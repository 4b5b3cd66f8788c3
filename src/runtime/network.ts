import { type Handle, NativeObject } from './handle.ts';
import type { Output } from './output.ts';
import { type PortFunctions, PortReader } from './ports.ts';

export interface NetworkFunctions {
  readonly inputs: PortFunctions;
  readonly outputs: PortFunctions;
}

export abstract class Network extends NativeObject {
  readonly #functions: NetworkFunctions;
  #inputs: PortReader;
  #outputs: PortReader;

  constructor(handle: Handle, madeFrom: NativeObject, functions: NetworkFunctions) {
    super(handle, madeFrom);
    this.#functions = functions;
    this.#inputs = new PortReader(handle, functions.inputs);
    this.#outputs = new PortReader(handle, functions.outputs);
  }

  get inputs(): readonly Output[] {
    return this.#inputs.list;
  }

  get outputs(): readonly Output[] {
    return this.#outputs.list;
  }

  /** Returns an input by index or any of its names. @throws DecantError `not-found`, whose remedy lists the inputs */
  input(key: number | string = 0): Output {
    return this.#inputs.get(key);
  }

  /** Returns an output by index or any of its names. @throws DecantError `not-found`, whose remedy lists the outputs */
  output(key: number | string = 0): Output {
    return this.#outputs.get(key);
  }

  protected rereadPorts(): void {
    this.#inputs = new PortReader(this.handle, this.#functions.inputs);
    this.#outputs = new PortReader(this.handle, this.#functions.outputs);
  }
}
