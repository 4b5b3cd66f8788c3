import type { Graph } from '../graph.ts';

/** Told what a pass does, in words that a number can stand before, and how often it did it; once by default. */
export type Count = (what: string, times?: number) => void;

/** A step from graph to graph that keeps every answer; the same object back means that nothing changed. */
export interface Pass {
  readonly name: string;
  run(graph: Graph, count?: Count): Graph;
}
