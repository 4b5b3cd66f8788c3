import type { RawDetections } from '../raw-detections.ts';
import { numbersAt, type Port, type Tensors } from './port.ts';
import { sigmoid } from './sigmoid.ts';

/** Square cells in rows and columns, each with as many anchors at its center. */
export interface Grid {
  readonly cells: number;
  readonly perCell: number;
}

/** A part of the anchors, from the first of its grid: logits in `scores`, offsets in `boxes`, or both in one output. */
export interface Level {
  readonly start: number;
  readonly scores: Port;
  readonly boxes: Port;
}

/** Center and size, before the keypoints. */
export const BOX_COLUMNS = 4;

/** Centers of all anchors as fractions of the image. */
type Anchors = readonly (readonly [x: number, y: number])[];

export const anchorsOf = (grids: readonly Grid[]): Anchors =>
  grids.flatMap(({ cells, perCell }) =>
    Array.from({ length: perCell * cells ** 2 }, (_, i) => {
      const cell = Math.floor(i / perCell);
      return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells] as const;
    }),
  );

interface Decoding {
  readonly anchors: Anchors;
  readonly keypoints: number;
  /** Height and width of the input, in pixels. */
  readonly side: number;
}

/** Decodes the candidates of all anchors. Lengths are fractions of the input. */
export function readLevels(
  tensors: Tensors,
  levels: readonly Level[],
  { anchors, keypoints, side }: Decoding,
): RawDetections {
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
