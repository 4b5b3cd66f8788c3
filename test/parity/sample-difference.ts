import type { Sample } from '../support/zoo-fixtures.ts';

/**
 * Returns the largest difference between an output and TensorFlow's, relative to its range. Compares each row with the
 * nearest one: rows are sorted by score, so that two with nearly equal scores may be swapped.
 */
export function sampleDifference(sample: Sample, values: Numbers): number {
  const { rows, rowStep, columnStep, least, greatest, mean } = sample;
  const width = values.length / rows;
  const columns = Math.ceil(width / columnStep);
  let largest = 0;
  for (let row = 0; row * rowStep < rows; row++) {
    let nearest = Infinity;
    for (let other = 0; other < rows; other++) {
      let difference = 0;
      for (let column = 0; column < columns; column++) {
        const gap = sample.values[row * columns + column]! - values[other * width + column * columnStep]!;
        difference = Math.max(difference, Math.abs(gap));
      }
      nearest = Math.min(nearest, difference);
    }
    largest = Math.max(largest, nearest);
  }
  const statistics = statisticsOf(values);
  largest = Math.max(
    largest,
    Math.abs(least - statistics.least),
    Math.abs(greatest - statistics.greatest),
    Math.abs(mean - statistics.mean),
  );
  return greatest === least ? largest : largest / (greatest - least);
}

type Numbers = ArrayLike<number> & Iterable<number>;

function statisticsOf(values: Numbers): { readonly least: number; readonly greatest: number; readonly mean: number } {
  let least = Infinity;
  let greatest = -Infinity;
  let sum = 0;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
  }
  return { least, greatest, mean: sum / values.length };
}
