import type { Box } from '../image/geometry.ts';
import { Coordinate } from './coordinate.ts';

/** Standard deviations of a box's center and size per frame, relative to its size; those of SORT's successors. */
const POSITION_DEVIATION = 1 / 20;
const SPEED_DEVIATION = 1 / 160;

/** Predicts where a box will be: center, width and height move at nearly constant speeds. */
export class BoxMotion {
  readonly #x: Coordinate;
  readonly #y: Coordinate;
  readonly #width: Coordinate;
  readonly #height: Coordinate;

  constructor(box: Box) {
    const { x, y, width, height } = centerOf(box);
    const start = (at: number, size: number): Coordinate =>
      new Coordinate(at, 2 * POSITION_DEVIATION * size, 10 * SPEED_DEVIATION * size);
    this.#x = start(x, width);
    this.#y = start(y, height);
    this.#width = start(width, width);
    this.#height = start(height, height);
  }

  /** The box at the current frame, unclipped. */
  get box(): Box {
    const [width, height] = [Math.max(this.#width.position, 1), Math.max(this.#height.position, 1)];
    const [xmin, ymin] = [this.#x.position - width / 2, this.#y.position - height / 2];
    return { xmin, ymin, xmax: xmin + width, ymax: ymin + height };
  }

  /** Moves on by one frame. A box that is out of sight keeps its size, as errors of its growth would add up. */
  predict(isVisible: boolean): void {
    if (!isVisible) {
      this.#width.stop();
      this.#height.stop();
    }
    this.#each((coordinate, size) => coordinate.predict(POSITION_DEVIATION * size, SPEED_DEVIATION * size));
  }

  correct(box: Box): void {
    const { x, y, width, height } = centerOf(box);
    const measured = [x, y, width, height];
    this.#each((coordinate, size, i) => coordinate.correct(measured[i]!, POSITION_DEVIATION * size));
  }

  #each(change: (coordinate: Coordinate, size: number, i: number) => void): void {
    const [width, height] = [Math.max(this.#width.position, 1), Math.max(this.#height.position, 1)];
    const all: readonly (readonly [Coordinate, number])[] = [
      [this.#x, width],
      [this.#y, height],
      [this.#width, width],
      [this.#height, height],
    ];
    all.forEach(([coordinate, size], i) => change(coordinate, size, i));
  }
}

const centerOf = ({ xmin, ymin, xmax, ymax }: Box) => ({
  x: (xmin + xmax) / 2,
  y: (ymin + ymax) / 2,
  width: xmax - xmin,
  height: ymax - ymin,
});
