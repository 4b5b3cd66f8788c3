import type { ConversionStep } from '../../src/convert.ts';

/** A file of a model, and its path among the others. */
export type ModelFile = readonly [path: string, file: File];

export interface Converted {
  readonly name: string;
  readonly xml: string;
  readonly bin: Uint8Array<ArrayBuffer>;
  readonly labels: string | undefined;
  readonly notes: readonly string[];
  /** Ops by type, the most frequent first. */
  readonly ops: Readonly<Record<string, number>>;
  /** Drawing of the architecture, an SVG. */
  readonly drawing: string;
}

/** What the worker tells the page. */
export type WorkerMessage =
  | { readonly kind: 'step'; readonly step: ConversionStep }
  | { readonly kind: 'done'; readonly converted: Converted }
  | { readonly kind: 'failed'; readonly problem: string; readonly remedy: string | undefined };
