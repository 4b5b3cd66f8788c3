import type { Size } from '../../image/image.ts';
import { type Nms, suppress } from '../nms.ts';
import { pick, type RawDetections } from '../raw-detections.ts';
import { type CandidateEncoding, MOST_FRACTION } from './candidate-encoding.ts';
import { type CandidateTable, tableAt } from './candidate-table.ts';
import type { Head } from './head.ts';
import { numbersAt, type Tensors } from './port.ts';
import { keypointsOf } from './yolo-keypoints.ts';
import { masksOf } from './yolo-masks.ts';

/** The parts of a head that read candidates and suppress those that overlap better ones. */
export function candidateReader(
  encoding: CandidateEncoding,
  defaults: Nms,
): Pick<
  Head,
  | 'firstClassId'
  | 'detectionOutputs'
  | 'requiredOutputs'
  | 'candidateOutputs'
  | 'encoding'
  | 'candidates'
  | 'nms'
  | 'read'
> {
  const { table, boxes, prototypes } = encoding;
  const scored = typeof boxes === 'string' ? [table] : [table, boxes];
  return {
    firstClassId: encoding.firstClassId,
    detectionOutputs: [],
    requiredOutputs: prototypes === undefined ? scored : [...scored, prototypes.port],
    candidateOutputs: scored,
    encoding: undefined,
    candidates: encoding,
    nms: defaults,
    read: (outputs, nms = defaults) => readCandidates(outputs, encoding, nms),
  };
}

function readCandidates(outputs: Tensors, encoding: CandidateEncoding, nms: Nms): RawDetections {
  const { firstClass, classCount, keypoints = 0, prototypes } = encoding;
  const table = tableAt(outputs, encoding.table, encoding.columns, encoding.columnAxis);
  const unit = encoding.boxes === 'centers' ? unitOf(table, encoding.image) : { width: 1, height: 1 };
  const candidates = scoredIn(table, encoding, nms.scoreThreshold);
  const box = boxReader(outputs, table, encoding, unit);
  const all: RawDetections = {
    boxes: candidates.flatMap(({ row }) => box(row)),
    scores: candidates.map(({ score }) => score),
    classes: candidates.map(({ classId }) => classId),
    count: candidates.length,
  };
  const kept = suppress(all, nms);
  const rows = kept.map(i => candidates[i]!.row);
  const first = firstClass + classCount;
  return {
    ...pick(all, kept),
    ...(prototypes && { masks: masksOf(outputs, prototypes, table, rows, first) }),
    ...(keypoints > 0 && { keypoints: keypointsOf(table, rows, { first, count: keypoints, unit }) }),
  };
}

interface Scored {
  readonly row: number;
  readonly classId: number;
  readonly score: number;
}

function scoredIn({ count, at }: CandidateTable, encoding: CandidateEncoding, least: number): readonly Scored[] {
  const { firstClass, classCount, firstClassId, objectness, isMultiLabel = false } = encoding;
  const scored: Scored[] = [];
  for (let row = 0; row < count; row++) {
    const factor = objectness === undefined ? 1 : at(row, objectness);
    let best = -1;
    let bestScore = -Infinity;
    for (let i = 0; i < classCount; i++) {
      const score = Math.fround(factor * at(row, firstClass + i));
      if (isMultiLabel && score >= least) scored.push({ row, classId: firstClassId + i, score });
      if (!(score > bestScore)) continue;
      best = i;
      bestScore = score;
    }
    if (!isMultiLabel && bestScore >= least) scored.push({ row, classId: firstClassId + best, score: bestScore });
  }
  return scored;
}

/** Returns the divisors of x and y that make fractions: some versions of Ultralytics export fractions, others pixels. */
export function unitOf({ count, at }: CandidateTable, image: Size): Size {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += at(row, 0) + at(row, 1);
  return sum > 2 * MOST_FRACTION * count ? image : { width: 1, height: 1 };
}

type Corners = readonly [ymin: number, xmin: number, ymax: number, xmax: number];

function boxReader(
  outputs: Tensors,
  { at }: CandidateTable,
  { boxes }: CandidateEncoding,
  { width, height }: Size,
): (row: number) => Corners {
  if (boxes === 'corners') return row => [at(row, 0), at(row, 1), at(row, 2), at(row, 3)];
  if (boxes !== 'centers') {
    const numbers = numbersAt(outputs, boxes);
    return row => [numbers[4 * row]!, numbers[4 * row + 1]!, numbers[4 * row + 2]!, numbers[4 * row + 3]!];
  }
  return row => {
    const x = at(row, 0);
    const y = at(row, 1);
    const halfWidth = at(row, 2) / 2;
    const halfHeight = at(row, 3) / 2;
    return [(y - halfHeight) / height, (x - halfWidth) / width, (y + halfHeight) / height, (x + halfWidth) / width];
  };
}
