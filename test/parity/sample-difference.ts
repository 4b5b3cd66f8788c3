import type { Sample } from '../support/zoo-fixtures.ts';

/**
 * The largest difference between an output and TensorFlow's, as a share of its range. A row of a table is compared with
 * the nearest one: the rows stand in the order of scores, in which two that are nearly alike may change their places.
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
  const facts = factsOf(values);
  for (const [expected, value] of [
    [least, facts.least],
    [greatest, facts.greatest],
    [mean, facts.mean],
  ] as const) {
    largest = Math.max(largest, Math.abs(expected - value));
  }
  return greatest === least ? largest : largest / (greatest - least);
}

type Numbers = ArrayLike<number> & Iterable<number>;

function factsOf(values: Numbers): { readonly least: number; readonly greatest: number; readonly mean: number } {
  let [least, greatest, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
  }
  return { least, greatest, mean: sum / values.length };
}
