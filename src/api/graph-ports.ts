import type { Port, Ports } from '../detect/heads/port.ts';
import type { Graph, Value } from '../ov/graph.ts';

export const graphPorts = ({ inputs, outputs }: Graph): Ports => ({
  inputs: [...inputs].map(toPort),
  outputs: [...outputs].map(toPort),
});

const toPort = ([name, { type, shape }]: readonly [string, Value]): Port => ({
  names: [name],
  type,
  shape: shape.map(dim => (typeof dim === 'number' ? dim : undefined)),
});

/** Formats a port as OpenVINO does: `names[input_tensor] shape[1,?,?,3] type: u8`. */
export const formatPort = ({ names, type, shape }: Port): string =>
  `names[${names.join(', ')}] shape[${shape.map(size => size ?? '?').join(',')}] type: ${type}`;
