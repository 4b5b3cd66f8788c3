import { asDecantError, DecantError, withinAsync } from '../errors.ts';
import type { Head } from '../detect/heads/head.ts';
import { type Graph, is, topological } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { If } from '../ov/ops/control-flow.ts';
import { NonMaxSuppression } from '../ov/ops/sort.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import { plainPorts } from './graph-ports.ts';
import { structureOf } from './graph-structure.ts';
import { infoIn, readIrInfo } from './ir-info.ts';
import { headsOf } from './network-head.ts';
import { keepsPostProcessing } from './keeps-post-processing.ts';
import { finalSteps } from '../post-processing/final-steps.ts';
import { postProcessingInfo, postProcessingSteps } from './post-processing-options.ts';
import { readIrFile } from './read-ir-file.ts';
import type { SavableModel } from './save-model.ts';

const REMEDY =
  'Choose it when converting the TensorFlow model. `--threshold` and `--classes` select among the detections.';

/**
 * Reads an IR with changes of its post-processing, like those of a conversion. The files stay the same.
 *
 * @throws DecantError `unsupported` if the graph has no such step, or if it was optimized for the thresholds that it has
 */
export async function changedIr(path: string, options: ConvertModelOptions): Promise<SavableModel> {
  const [{ graph, rtInfo }, { labels: stored }] = await Promise.all([readIrFile(path), readIrInfo(path)]);
  const headOf = (each: Graph): Head | undefined => onlyHead(each, rtInfo, options);
  const head = headOf(graph);
  const labels = stored ?? head?.labels;
  const given = typeof options.labels === 'function' ? options.labels(head?.firstClassId ?? 0) : options.labels;
  const change = async (): Promise<Graph> => {
    const { limitDetections, postProcess } = postProcessingSteps(options, () => given ?? labels, options.head, headOf);
    if (postProcess !== undefined && head?.nms === undefined) checkChangeable(graph);
    const limited = (await limitDetections?.(graph)) ?? graph;
    return (await postProcess?.(limited, graph, {})) ?? limited;
  };
  const changed = keepsPostProcessing(options) ? graph : await withinAsync(`changing ${path}`, () => advised(change));
  const conversion = { ...sectionOf(rtInfo, 'conversion'), ...postProcessingInfo(options, given ?? labels) };
  return { path, labels, rtInfo: { ...rtInfo, conversion }, conversion: { graph: changed } };
}

/**
 * The optimized graph of a detector first tries the best candidates, and depends on the thresholds in several places; that of
 * CenterNet has several TopK in place of the one over its heat map.
 */
function checkChangeable(graph: Graph): void {
  const { suppressions, peaks } = finalSteps(graph);
  const hasSplitPeaks = suppressions.size === 0 && peaks === undefined && structureOf(graph).selection === 'peaks';
  if (!hasSplitPeaks && !hasBranchedNms(graph)) return;
  throw new DecantError('unsupported', 'the IR is optimized for the thresholds and classes that it has', {
    remedy: REMEDY,
  });
}

const hasBranchedNms = (graph: Graph): boolean =>
  topological(graph).some(node => node.bodies.some(is(node, If) ? hasNms : hasBranchedNms));

const hasNms = (graph: Graph): boolean =>
  topological(graph).some(node => is(node, NonMaxSuppression) || node.bodies.some(hasNms));

async function advised(change: () => Promise<Graph>): Promise<Graph> {
  try {
    return await change();
  } catch (thrown) {
    const cause = asDecantError(thrown);
    if (cause.code !== 'unsupported') throw cause;
    throw new DecantError('unsupported', cause.message, { cause, remedy: REMEDY });
  }
}

function onlyHead(graph: Graph, rtInfo: RtInfo, { head }: ConvertModelOptions): Head | undefined {
  const [first, ...others] = headsOf(plainPorts(graph), infoIn(rtInfo), head);
  return others.length === 0 ? first : undefined;
}

function sectionOf(rtInfo: RtInfo, name: string): RtInfo {
  const section = rtInfo[name];
  return typeof section === 'object' ? section : {};
}
