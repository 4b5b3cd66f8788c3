import type { Port, Ports } from '../detect/heads/port.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Output } from '../runtime/output.ts';

export type Network = Pick<CompiledModel, 'inputs' | 'outputs'>;

export const networkPorts = ({ inputs, outputs }: Network): Ports => ({
  inputs: inputs.map(toPort),
  outputs: outputs.map(toPort),
});

const toPort = (output: Output): Port => ({ names: [output.anyName], type: output.elementType, shape: output.shape });
