import type { Size } from '../../image/image.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { Head, HeadMatcher } from './head.ts';
import { fedArea, feedImage, type Feeding, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, numbersAt, type Port, type Tensors } from './port.ts';

/** Square cells in rows and columns, each with as many anchors at its center. */
interface Grid {
  readonly cells: number;
  readonly perCell: number;
}

/** The grids of all anchors, in the order of the outputs, and the values that pixels 0..255 become. */
interface Version {
  readonly grids: readonly Grid[];
  readonly pixels: Pick<Feeding, 'mean' | 'scale'>;
}

const SIGNED = { mean: [127.5, 127.5, 127.5], scale: [127.5, 127.5, 127.5] };
const FRACTIONS = { scale: [255, 255, 255] };

interface Kind {
  readonly name: string;
  readonly label: string;
  readonly keypoints: number;
  readonly versions: readonly Version[];
}

/** Anchors of an image with so many cells, and half and a quarter of them. */
const pyramid = (cells: number): readonly Grid[] => [
  { cells, perCell: 2 },
  { cells: cells / 2, perCell: 2 },
  { cells: cells / 4, perCell: 6 },
];

const SHORT_RANGE: Version = {
  grids: [
    { cells: 16, perCell: 2 },
    { cells: 8, perCell: 6 },
  ],
  pixels: SIGNED,
};

const NMS: Nms = { iouThreshold: 0.3, scoreThreshold: 0.5, perClass: false, maxDetections: 100 };

/** Center and size, before the keypoints. */
const BOX_COLUMNS = 4;

/** A part of the anchors, from the first of its grid: logits in `scores`, offsets in `boxes`, or both in one output. */
interface Level {
  readonly start: number;
  readonly scores: Port;
  readonly boxes: Port;
}

/**
 * MediaPipe's single-shot detectors, also as the packages `@vladmandic/human` and `@tensorflow-models` have them: a square f32
 * image; for N anchors, a logit and offsets of box and K keypoints in pixels of the input, `[1, N, 5 + 2K]`, `[1, N, 1]` and
 * `[1, N, 4 + 2K]`, or separately for the anchors of each grid.
 */
const blaze =
  ({ name, label, keypoints, versions }: Kind): HeadMatcher =>
  ports => {
    const found = imagePort(ports);
    if (found === undefined) return noImagePort(ports);
    const { width, height, type } = found;
    if (type !== 'f32' || width === undefined || width !== height) return 'the input is not a square f32 image';
    const columns = BOX_COLUMNS + 2 * keypoints;
    const matched = versions.flatMap(version => {
      const levels = levelsIn(ports.outputs, version.grids, columns);
      return levels === undefined ? [] : [{ ...version, levels }];
    });
    const [version] = matched;
    if (version === undefined) {
      const counts = versions.map(({ grids }) => anchorCount(grids)).join(' or ');
      return `there are no scores and offsets of ${counts} anchors with ${keypoints} keypoints`;
    }
    const { grids, pixels, levels } = version;
    const feeding: Feeding = { fit: 'fit_to_window_letterbox', ...pixels };
    const anchors = anchorsOf(grids);
    const outputs = [...new Set(levels.flatMap(({ scores, boxes }) => [scores, boxes]))];
    const head: Head = {
      name,
      reason: `it has scores and offsets of ${anchors.length} anchors: ${formatPorts(outputs)}`,
      evidence: 'shapes',
      labels: new Map([[0, label]]),
      firstClassId: 0,
      detectionOutputs: [],
      requiredOutputs: outputs,
      candidateOutputs: outputs,
      encoding: undefined,
      nms: NMS,
      prepare: image => feedImage(image, found, feeding),
      area: (image: Size) => fedArea(image, found, feeding),
      read: (tensors, nms = NMS) => suppressed(decoded(tensors, levels, { anchors, keypoints, side: width }), nms),
    };
    return head;
  };

/** BlazeFace, for faces at short range, and at full range; keypoints are eyes, nose, mouth and ears. */
export const blazeface = blaze({
  name: 'blazeface',
  label: 'face',
  keypoints: 6,
  versions: [SHORT_RANGE, { grids: [{ cells: 48, perCell: 1 }], pixels: SIGNED }],
});

/** The palm detector, of two versions; keypoints are the wrist, the joints of four fingers, and two of the thumb. */
export const blazepalm = blaze({
  name: 'blazepalm',
  label: 'palm',
  keypoints: 7,
  versions: [
    {
      grids: [
        { cells: 24, perCell: 2 },
        { cells: 12, perCell: 6 },
      ],
      pixels: FRACTIONS,
    },
    { grids: pyramid(32), pixels: SIGNED },
  ],
});

/**
 * The detector of BlazePose, of two versions: head and chest of persons. Keypoints are the middle of the hips, a point of the circle
 * around the person, the middle of the shoulders, and a point of the circle around the upper body.
 */
export const blazepose = blaze({
  name: 'blazepose',
  label: 'person',
  keypoints: 4,
  versions: [{ grids: pyramid(28), pixels: SIGNED }, SHORT_RANGE],
});

const gridSize = ({ cells, perCell }: Grid): number => perCell * cells ** 2;

const anchorCount = (grids: readonly Grid[]): number => grids.reduce((sum, grid) => sum + gridSize(grid), 0);

/** Returns undefined if an output is missing, or if two are alike. */
function levelsIn(outputs: readonly Port[], grids: readonly Grid[], columns: number): readonly Level[] | undefined {
  const only = (count: number, width: number): Port | undefined => {
    const alike = outputs.filter(
      ({ shape: [batch = 1, rows, numbers, ...more] }) =>
        batch === 1 && rows === count && numbers === width && more.length === 0,
    );
    return alike.length === 1 ? alike[0] : undefined;
  };
  const level = (count: number, start: number): Level | undefined => {
    const both = only(count, columns + 1);
    const scores = both ?? only(count, 1);
    const boxes = both ?? only(count, columns);
    return scores === undefined || boxes === undefined ? undefined : { start, scores, boxes };
  };
  const whole = level(anchorCount(grids), 0);
  if (whole !== undefined) return [whole];
  const parts = grids.map((grid, i) => level(gridSize(grid), anchorCount(grids.slice(0, i))));
  return parts.every(part => part !== undefined) ? parts : undefined;
}

/** Centers of all anchors as fractions of the image. */
type Anchors = readonly (readonly [x: number, y: number])[];

const anchorsOf = (grids: readonly Grid[]): Anchors =>
  grids.flatMap(({ cells, perCell }) =>
    Array.from({ length: perCell * cells ** 2 }, (_, i) => {
      const cell = Math.floor(i / perCell);
      return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells] as const;
    }),
  );

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

function decoded(
  tensors: Tensors,
  levels: readonly Level[],
  { anchors, keypoints, side }: { readonly anchors: Anchors; readonly keypoints: number; readonly side: number },
): Parameters<typeof suppressed>[0] {
  const boxes: number[] = [];
  const scores: number[] = [];
  const positions: number[] = [];
  for (const level of levels) {
    const logits = numbersAt(tensors, level.scores);
    const offsets = numbersAt(tensors, level.boxes);
    const logitColumns = level.scores.shape[2]!;
    const columns = level.boxes.shape[2]!;
    const first = columns - BOX_COLUMNS - 2 * keypoints;
    for (let i = 0; i < logits.length / logitColumns; i++) {
      const [anchorX, anchorY] = anchors[level.start + i]!;
      const at = (column: number): number => offsets[i * columns + first + column]! / side;
      const x = anchorX + at(0);
      const y = anchorY + at(1);
      scores.push(sigmoid(logits[i * logitColumns]!));
      boxes.push(y - at(3) / 2, x - at(2) / 2, y + at(3) / 2, x + at(2) / 2);
      for (let k = 0; k < keypoints; k++) positions.push(anchorY + at(5 + 2 * k), anchorX + at(4 + 2 * k));
    }
  }
  return {
    boxes,
    scores,
    classes: scores.map(() => 0),
    count: scores.length,
    keypoints: { perDetection: keypoints, positions, scores: undefined },
  };
}
