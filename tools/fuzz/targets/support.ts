import { runConversion, toIr } from '../../../src/convert.ts';
import { joinBin } from '../../../src/ov/ir/ir.ts';
import { printGraph } from '../../../src/ov/print-graph.ts';
import { memorySource } from '../../../src/source/memory-source.ts';
import { TF_FAMILIES } from '../../../test/ops/tf-cases.ts';
import type { Files } from '../target.ts';

/** Encoded GraphDefs of one or a few ops. */
export const GRAPHS: readonly Uint8Array[] = [...TF_FAMILIES.values()].flat().map(({ graph }) => graph);

/** Converts a model up to the bytes of its IR. */
export async function convert(files: Files): Promise<void> {
  const { graph } = await runConversion(memorySource('model', files));
  const { bin } = toIr(graph);
  joinBin(bin);
  printGraph(graph);
}
