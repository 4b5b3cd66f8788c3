import type { Graph } from '../../src/ov/graph.ts';
import { loadPasses } from '../../src/ov/passes/index.ts';

const PASSES = await loadPasses();

/** Applies the passes of every conversion. */
export const applyPasses = (graph: Graph): Graph => PASSES.reduce((current, pass) => pass.run(current), graph);
