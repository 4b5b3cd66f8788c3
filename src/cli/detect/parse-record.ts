import type { Detection } from '../../detect/detection.ts';
import { Mask } from '../../detect/mask.ts';
import { fromRunLengths, type RunLengths } from '../../detect/run-length.ts';
import type { ResultRecord } from '../../results/result-writer.ts';

/** A detection as JSON has it. */
type Written = Omit<Detection, 'mask'> & { readonly mask?: RunLengths };

/** The record that `pictureJson` wrote. */
export function parseRecord(json: object): ResultRecord {
  const { detections, ...facts } = json as Omit<ResultRecord, 'detections'> & { detections: readonly Written[] };
  return { ...facts, detections: detections.map(revive) };
}

function revive({ mask, ...detection }: Written): Detection {
  if (mask === undefined) return detection;
  const [height, width] = mask.size;
  const picture = { width, height };
  return { ...detection, mask: new Mask({ x: 0, y: 0, ...picture }, fromRunLengths(mask), picture) };
}
