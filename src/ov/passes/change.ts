/** Something that a pass does to a graph, and counts. */
export interface Change {
  readonly name: string;
  /** Follows a number in the summary of a conversion: `scales folded into filters`. */
  readonly summary: string;
}

/** Counts a change by its name, once by default. */
export type Count = (name: string, times?: number) => void;
