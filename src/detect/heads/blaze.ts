import type { Size } from '../../image/image.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { Head, HeadMatcher } from './head.ts';
import { fedArea, feedImage, type Feeding, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, type Port } from './port.ts';
import { anchorsOf, BOX_COLUMNS, type Grid, type Level, readLevels } from './read-blaze.ts';

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
      read: (tensors, nms = NMS) => suppressed(readLevels(tensors, levels, { anchors, keypoints, side: width }), nms),
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
