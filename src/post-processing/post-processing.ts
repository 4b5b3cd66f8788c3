import type { Graph } from '../ov/graph.ts';
import { keepClasses, type KeptClasses } from './keep-classes.ts';
import { setIouThreshold, setScoreThreshold } from './set-thresholds.ts';

/** Changes of what a detector does with its boxes and scores. */
export interface PostProcessing {
  /** Score that a detection must exceed: 0..1. */
  readonly scoreThreshold?: number | undefined;
  /** Overlap above which the better of two boxes suppresses the other: 0..1. */
  readonly iouThreshold?: number | undefined;
  /** The only classes to detect. */
  readonly classes?: KeptClasses | undefined;
}

/**
 * Changes the final post-processing of a detector: that of the last stage.
 *
 * @param graph in which one NMS suppresses the boxes of all classes, if it can
 * @throws DecantError `unsupported` if the model has no such step
 */
export function changePostProcessing(graph: Graph, { scoreThreshold, iouThreshold, classes }: PostProcessing): Graph {
  const scored = scoreThreshold === undefined ? graph : setScoreThreshold(graph, scoreThreshold);
  const apart = iouThreshold === undefined ? scored : setIouThreshold(scored, iouThreshold);
  return classes === undefined ? apart : keepClasses(apart, classes);
}
