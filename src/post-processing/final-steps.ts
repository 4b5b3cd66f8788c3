import { is, type Graph, type Node, topological, type Value } from '../ov/graph.ts';
import { Reshape } from '../ov/ops/shape.ts';
import { NonMaxSuppression, TopK } from '../ov/ops/sort.ts';

/** What chooses the detections among all boxes: NMS, or the highest peaks of a heat map. */
export interface FinalSteps {
  /** NMS nodes, those in bodies included. The stages before the last, such as proposals, are left out. */
  readonly suppressions: ReadonlySet<Node>;
  /** The TopK over a heat map [B, H, W, C], if there is no NMS. */
  readonly peaks: Node | undefined;
}

export function finalSteps(graph: Graph): FinalSteps {
  const suppressions = new Set(finalSuppressions(graph).flatMap(suppressionsIn));
  return { suppressions, peaks: suppressions.size > 0 ? undefined : peaksOf(graph) };
}

/** The nodes that an output depends on the detections through. */
export function detectionNodes(graph: Graph): ReadonlySet<Node> {
  const { peaks } = finalSteps(graph);
  const dependent = new Set<Node>(peaks === undefined ? finalSuppressions(graph) : [peaks]);
  for (const node of topological(graph)) {
    if (node.inputs.some(input => dependent.has(input.node))) dependent.add(node);
  }
  return dependent;
}

/** The data of a TopK as the heat map [B, H, W, C] whose positions and classes it orders at once. */
export function heatMapOf(topK: Node): Value | undefined {
  const flat = topK.inputs[0]!;
  const map = is(flat.node, Reshape) ? flat.node.inputs[0]! : undefined;
  const isHeatMap = map?.shape.length === 4 && flat.shape.length === 2 && typeof map.shape[3] === 'number';
  return isHeatMap ? map : undefined;
}

/** NMS nodes, and nodes with bodies that contain some, that no other of them depends on. */
function finalSuppressions(graph: Graph): readonly Node[] {
  const before = new Set<Node>();
  const final: Node[] = [];
  for (const node of topological(graph).toReversed()) {
    const suppresses = isSuppression(node);
    if (suppresses && !before.has(node)) final.push(node);
    if (suppresses || before.has(node)) for (const input of node.inputs) before.add(input.node);
  }
  return final.reverse();
}

const isSuppression = (node: Node): boolean =>
  is(node, NonMaxSuppression) || node.bodies.some(body => topological(body).some(isSuppression));

const suppressionsIn = (node: Node): readonly Node[] =>
  is(node, NonMaxSuppression) ? [node] : node.bodies.flatMap(body => finalSuppressions(body).flatMap(suppressionsIn));

function peaksOf(graph: Graph): Node | undefined {
  const found = topological(graph).filter(node => is(node, TopK) && heatMapOf(node) !== undefined);
  return found.length === 1 ? found[0] : undefined;
}
