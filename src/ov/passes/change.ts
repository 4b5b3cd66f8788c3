export interface Change {
  readonly name: string;
  /** Follows a number in the summary of a conversion: `scales folded into filters`. */
  readonly summary: string;
}

export type Count = (name: string, times?: number) => void;
