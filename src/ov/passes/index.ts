import { within } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { fuseClasses } from './fuse-classes.ts';
import { foldScales } from './fold-scales.ts';
import { mergeDuplicates } from './merge-duplicates.ts';
import type { Pass } from './pass.ts';
import { pinShapes } from './pin-shapes.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';

/** What every graph goes through, in order. */
export const PASSES: readonly Pass[] = [
  simplify,
  mergeDuplicates,
  fuseClasses,
  simplify,
  mergeDuplicates,
  sinkTransposes,
  foldScales,
  simplify,
  mergeDuplicates,
  pinShapes,
];

/** Weights as f16: the last step, and the only one that changes numbers. */
export const COMPRESSION: readonly Pass[] = [compressToFp16];

export const runPasses = (graph: Graph, passes: readonly Pass[]): Graph =>
  passes.reduce((current, pass) => within(`in pass ${pass.name}`, () => pass.run(current)), graph);
