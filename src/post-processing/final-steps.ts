import { finalSuppressions, suppressionsIn } from '../ov/final-suppressions.ts';
import { is, type Graph, type Node, topological, type Value } from '../ov/graph.ts';
import { Reshape } from '../ov/ops/shape.ts';
import { TopK } from '../ov/ops/sort.ts';

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

function peaksOf(graph: Graph): Node | undefined {
  const found = topological(graph).filter(node => is(node, TopK) && heatMapOf(node) !== undefined);
  return found.length === 1 ? found[0] : undefined;
}
