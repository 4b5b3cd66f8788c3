import { type HeadChoice, matchHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Ports } from '../detect/heads/port.ts';
import type { Graph } from '../ov/graph.ts';

/**
 * Leaves out the outputs of a detector that detections are not made of, such as the scores of all candidates, so that they
 * are not computed. One of them stays if only it shows the number of classes. Other models keep all outputs.
 *
 * @param graph with preprocessing
 * @param ports of the graph without preprocessing
 * @param chosen name of the head, if the user chose it
 */
export function keepDetections(graph: Graph, ports: Ports, chosen?: HeadChoice): Graph {
  const head = matchHead(ports, chosen);
  if (head === undefined) return graph;
  const kept = [undefined, ...ports.outputs]
    .map(extra => ports.outputs.filter(port => port === extra || head.requiredOutputs.includes(port)))
    .find(outputs => isSame(head, matchHead({ ...ports, outputs }, chosen)));
  if (kept === undefined || kept.length === ports.outputs.length) return graph;
  const names = new Set(kept.flatMap(port => port.names));
  return { ...graph, outputs: new Map([...graph.outputs].filter(([name]) => names.has(name))) };
}

const isSame = (head: Head, other: Head | undefined): boolean =>
  other?.name === head.name &&
  String([...other.labels]) === String([...head.labels]) &&
  other.requiredOutputs.every((port, i) => port === head.requiredOutputs[i]);
