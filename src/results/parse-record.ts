import type { Detection } from '../detect/detection.ts';
import { Mask } from '../detect/mask.ts';
import { fromRunLengths, type RunLengths } from '../detect/run-length.ts';
import type { ResultRecord } from './result-writer.ts';

type JsonDetection = Omit<Detection, 'mask'> & { readonly mask?: RunLengths };

type JsonRecord = Omit<ResultRecord, 'detections'> & { readonly detections: readonly JsonDetection[] };

/** Inverse of `imageJson`. */
export function parseRecord(json: object): ResultRecord {
  const { detections, ...facts } = json as JsonRecord;
  return { ...facts, detections: detections.map(parseDetection) };
}

function parseDetection({ mask, ...detection }: JsonDetection): Detection {
  if (mask === undefined) return detection;
  const [height, width] = mask.size;
  const size = { width, height };
  return { ...detection, mask: new Mask({ x: 0, y: 0, ...size }, fromRunLengths(mask), size) };
}
