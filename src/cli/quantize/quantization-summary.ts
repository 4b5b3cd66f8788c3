import type { QuantizedModel } from '../../api/quantized-model.ts';
import type { SavedModel } from '../../api/save-model.ts';
import { fileSize, milliseconds, print, table } from '../console.ts';

export interface QuantizationSummary
  extends SavedModel, Pick<QuantizedModel, 'images' | 'quantized' | 'kept' | 'kernels' | 'drop' | 'warnings'> {
  readonly model: string;
  readonly ms: number;
}

export const summarize = (
  model: string,
  quantized: QuantizedModel,
  saved: SavedModel,
  ms: number,
): QuantizationSummary => ({
  model,
  ...saved,
  images: quantized.images,
  quantized: quantized.quantized,
  kept: quantized.kept,
  kernels: quantized.kernels,
  drop: quantized.drop,
  warnings: quantized.warnings,
  ms: Math.round(ms),
});

export function printQuantization(summary: QuantizationSummary): void {
  const { xml, xmlBytes, bin, binBytes, labels, quantized, kept, kernels, images, drop, ms } = summary;
  print(`${xml} (${fileSize(xmlBytes)}), ${bin} (${fileSize(binBytes)})${labels === undefined ? '' : `, ${labels}`}`);
  print(`images: ${images}, in ${milliseconds(ms)}`);
  print(`layers in int8: ${quantized.length} of ${quantized.length + kept.length}`);
  print(table(countByType(quantized)));
  if (kernels !== undefined) print(`int8 kernels: ${kernels.int8} of ${kernels.all} that run`);
  if (drop !== undefined) print(`drop of mAP: ${drop.toFixed(4)}`);
  if (kept.length === 0) return;
  print('kept in f32:');
  print(table(kept.map(({ name, type, reason }) => [name, type, reason])));
}

function countByType(layers: QuantizedModel['quantized']): readonly (readonly [count: number, type: string])[] {
  const counts = new Map<string, number>();
  for (const { type } of layers) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => [count, type] as const).toSorted(([a], [b]) => b - a);
}
