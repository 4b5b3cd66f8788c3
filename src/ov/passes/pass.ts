import type { Graph } from '../graph.ts';

/** A step from graph to graph that keeps every answer; the same object back means that nothing changed. */
export interface Pass {
  readonly name: string;
  run(graph: Graph): Graph;
}
