import { DecantError } from '../../errors.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';

/** An input or output of a network, as plain data. */
export interface Port {
  readonly names: readonly string[];
  readonly type: ElementType;
  /** A size is undefined where the network takes or gives any. */
  readonly shape: readonly (number | undefined)[];
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Tensors by one of their port's names. */
export type Tensors = Readonly<Record<string, Tensor>>;

export const portNamed = (ports: readonly Port[], name: string): Port | undefined =>
  ports.find(port => port.names.includes(name));

/** An output. @throws DecantError `internal` when the network did not give it */
export function tensorAt(outputs: Tensors, { names }: Port): Tensor {
  for (const name of names) {
    const tensor = outputs[name];
    if (tensor !== undefined) return tensor;
  }
  throw new DecantError('internal', `the network gave no output ${names.join(' or ')}`);
}

/** The elements of an output. */
export const numbersAt = (outputs: Tensors, port: Port): ReturnType<typeof numbersOf> =>
  numbersOf(tensorAt(outputs, port));
