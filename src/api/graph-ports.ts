import type { Port, Ports } from '../detect/heads/port.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { structureOf } from './graph-structure.ts';
import { withStructure } from './output-structure.ts';

export const graphPorts = (graph: Graph): Ports => withStructure(plainPorts(graph), structureOf(graph));

/** The ports that a network has: the structure is in its `rt_info`, if anywhere. */
export const plainPorts = ({ inputs, outputs }: Graph): Ports => ({
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
