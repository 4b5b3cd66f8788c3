import type { Port, Ports } from '../detect/heads/port.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Output } from '../runtime/output.ts';

/** A model in OpenVINO, before or after compilation. */
export type Network = Pick<CompiledModel, 'inputs' | 'outputs'>;

/** The inputs and outputs of a network. */
export const networkPorts = ({ inputs, outputs }: Network): Ports => ({
  inputs: inputs.map(toPort),
  outputs: outputs.map(toPort),
});

const toPort = (output: Output): Port => ({ names: [output.anyName], type: output.elementType, shape: output.shape });
