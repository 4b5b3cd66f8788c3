import { findHead, fittingHeads } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Ports } from '../detect/heads/port.ts';
import { bgrHead, preprocessedHead } from '../detect/preprocessed-head.ts';
import type { IrInfo } from './ir-info.ts';
import { type Network, networkPorts } from './network-ports.ts';
import { withStructure } from './output-structure.ts';

/**
 * Returns the head of a network, which turns images into its inputs and its outputs into detections. If the network includes
 * preprocessing, the head produces the frames that it expects.
 *
 * @param chosen the head; by default, the one that was chosen for the conversion, or the one that fits
 */
export const networkHead = (network: Network, info: IrInfo, chosen = info.head): Head =>
  headFor(networkPorts(network), info, chosen);

/** `networkHead` for the ports of a graph. */
export function headFor(ports: Ports, info: IrInfo, chosen = info.head): Head {
  const { preprocess, takesBgr } = info;
  const found = findHead(originalPorts(ports, info), chosen);
  const original = found.nms === undefined ? found : { ...found, nms: { ...found.nms, ...info.nms } };
  if (preprocess !== undefined) return preprocessedHead(original, preprocess);
  return takesBgr ? bgrHead(original) : original;
}

/** Returns the heads that a model may have: none, one, or several that only the user can tell apart. */
export const headsOf = (ports: Ports, info: IrInfo, chosen = info.head): readonly Head[] =>
  fittingHeads(originalPorts(ports, info), chosen);

/** The ports of the model without the preprocessing inside it. */
function originalPorts(ports: Ports, { preprocess, structure, normalization, decoding }: IrInfo): Ports {
  const known = { ...(structure === undefined ? ports : withStructure(ports, structure)), normalization, decoding };
  if (preprocess === undefined) return known;
  const { name, ...port } = preprocess.image;
  return { ...known, inputs: [{ names: [name], ...port }] };
}
