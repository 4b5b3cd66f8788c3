import { findHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import { bgrHead, preprocessedHead } from '../detect/preprocessed-head.ts';
import type { IrInfo } from './ir-info.ts';
import { type Network, networkPorts } from './network-ports.ts';

/**
 * Returns the head of a network, which turns images into its inputs and its outputs into detections. If the network includes
 * preprocessing, the head produces the frames that it expects.
 */
export function networkHead(network: Network, { preprocess, takesBgr }: IrInfo): Head {
  const ports = networkPorts(network);
  if (preprocess === undefined) return takesBgr ? bgrHead(findHead(ports)) : findHead(ports);
  const { name, ...port } = preprocess.image;
  const original = findHead({ ...ports, inputs: [{ names: [name], ...port }] });
  return preprocessedHead(original, preprocess);
}
