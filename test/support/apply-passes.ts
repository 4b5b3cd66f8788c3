import type { Graph } from '../../src/ov/graph.ts';
import { PASSES } from '../../src/ov/passes/index.ts';

/** Applies the passes of every conversion. */
export const applyPasses = (graph: Graph): Graph => PASSES.reduce((current, pass) => pass.run(current), graph);
