import type { Size } from '../../image/image.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { Head } from './head.ts';
import { fedArea, feedImage, type Feeding, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, numbersAt, type Port, type Ports, type Tensors } from './port.ts';

/** Pixels -1..1, letterboxed in black. */
const FEEDING: Feeding = {
  fit: 'fit_to_window_letterbox',
  mean: [127.5, 127.5, 127.5],
  scale: [127.5, 127.5, 127.5],
};

const NMS: Nms = { iouThreshold: 0.3, scoreThreshold: 0.5, perClass: false, maxDetections: 100 };

/** Anchors per cell of a grid with so many cells in each direction. */
const GRIDS = [
  { cells: 16, perCell: 2 },
  { cells: 8, perCell: 6 },
] as const;

const COUNTS = GRIDS.map(({ cells, perCell }) => perCell * cells ** 2);
const TOTAL = 896;

/** Center, size, and six keypoints: eyes, nose, mouth, ears. */
const BOX_COLUMNS = 16;
const KEYPOINTS = 6;

/** A part of the anchors, from the first of its grid: logits in `scores`, offsets in `boxes`, or both in one output. */
interface Level {
  readonly start: number;
  readonly scores: Port;
  readonly boxes: Port;
}

/**
 * BlazeFace, as in the packages `@vladmandic/human` and `@tensorflow-models/blazeface`: a square f32 image -1..1; for 896
 * anchors, a logit and offsets of box and keypoints in pixels of the input, `[1, 896, 17]`, `[1, 896, 1]` and `[1, 896, 16]`,
 * or separately for the 512 and 384 anchors of its two grids.
 */
export function blazeface(ports: Ports): Head | string {
  const found = imagePort(ports);
  if (found === undefined) return noImagePort(ports);
  const { width, height, type } = found;
  if (type !== 'f32' || width === undefined || width !== height) return 'the input is not a square f32 image';
  const levels = levelsIn(ports.outputs);
  if (levels === undefined) return 'there are no scores and offsets of 896 anchors';
  const outputs = [...new Set(levels.flatMap(({ scores, boxes }) => [scores, boxes]))];
  return {
    name: 'blazeface',
    reason: `it has scores and offsets of 896 anchors: ${formatPorts(outputs)}`,
    evidence: 'shapes',
    labels: new Map([[0, 'face']]),
    firstClassId: 0,
    detectionOutputs: [],
    requiredOutputs: outputs,
    candidateOutputs: outputs,
    encoding: undefined,
    nms: NMS,
    prepare: image => feedImage(image, found, FEEDING),
    area: (image: Size) => fedArea(image, found, FEEDING),
    read: (tensors, nms = NMS) => suppressed(facesIn(tensors, levels, width), nms),
  };
}

function levelsIn(outputs: readonly Port[]): readonly Level[] | undefined {
  const named = (count: number, columns: number): Port | undefined =>
    outputs.find(
      ({ shape: [batch = 1, rows, width, ...more] }) =>
        batch === 1 && rows === count && width === columns && more.length === 0,
    );
  const level = (count: number, start: number): Level | undefined => {
    const both = named(count, BOX_COLUMNS + 1);
    const scores = both ?? named(count, 1);
    const boxes = both ?? named(count, BOX_COLUMNS);
    return scores === undefined || boxes === undefined ? undefined : { start, scores, boxes };
  };
  const whole = level(TOTAL, 0);
  if (whole !== undefined) return [whole];
  const parts = [level(COUNTS[0]!, 0), level(COUNTS[1]!, COUNTS[0]!)].filter(part => part !== undefined);
  return parts.length === GRIDS.length ? parts : undefined;
}

/** Centers of all anchors as fractions of the image. */
const ANCHORS: readonly (readonly [x: number, y: number])[] = GRIDS.flatMap(({ cells, perCell }) =>
  Array.from({ length: perCell * cells ** 2 }, (_, i) => {
    const cell = Math.floor(i / perCell);
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells] as const;
  }),
);

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

function facesIn(tensors: Tensors, levels: readonly Level[], side: number): Parameters<typeof suppressed>[0] {
  const boxes: number[] = [];
  const scores: number[] = [];
  const positions: number[] = [];
  for (const level of levels) {
    const logits = numbersAt(tensors, level.scores);
    const offsets = numbersAt(tensors, level.boxes);
    const logitColumns = level.scores.shape[2]!;
    const columns = level.boxes.shape[2]!;
    for (let i = 0; i < logits.length / logitColumns; i++) {
      const [anchorX, anchorY] = ANCHORS[level.start + i]!;
      const at = (column: number): number => offsets[i * columns + columns - BOX_COLUMNS + column]! / side;
      const x = anchorX + at(0);
      const y = anchorY + at(1);
      scores.push(sigmoid(logits[i * logitColumns]!));
      boxes.push(y - at(3) / 2, x - at(2) / 2, y + at(3) / 2, x + at(2) / 2);
      for (let k = 0; k < KEYPOINTS; k++) positions.push(anchorY + at(5 + 2 * k), anchorX + at(4 + 2 * k));
    }
  }
  return {
    boxes,
    scores,
    classes: scores.map(() => 0),
    count: scores.length,
    keypoints: { perDetection: KEYPOINTS, positions, scores: undefined },
  };
}
