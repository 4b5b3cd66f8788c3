import { Builder } from '../ov/builder.ts';
import type { Graph } from '../ov/graph.ts';
import type { Core } from '../runtime/core.ts';
import { isStatic } from '../tensor/dim.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { Histogram } from './histogram.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import type { Range } from './range.ts';
import type { Point } from './where-to-quantize.ts';

/** Numbers that one run returns, 128 MB, unless a single point has more. */
const MOST_NUMBERS = 1 << 25;

/** Counts the numbers of points within their extremes. The samples run once for each batch of points whose numbers fit into memory. */
export async function collectHistograms(
  core: Core,
  graph: Graph,
  extremes: ReadonlyMap<Point, Range>,
  samples: Samples,
  optionsFor: (passes: number) => MeasureOptions,
): Promise<ReadonlyMap<Point, Histogram>> {
  const histograms = new Map([...extremes].map(([point, range]) => [point, new Histogram(range)]));
  const batches = batched([...extremes.keys()]);
  const options = optionsFor(batches.length);
  for (const points of batches) {
    const values = points.map(({ value }) => value);
    for await (const numbers of measure(core, graph, values, new Builder(), samples, options)) {
      points.forEach((point, i) => {
        histograms.get(point)!.add(numbers[i]!);
      });
    }
  }
  return histograms;
}

/** Points whose sizes are unknown are alone. */
function batched(points: readonly Point[]): readonly (readonly Point[])[] {
  const batches: Point[][] = [];
  let room = 0;
  for (const point of points) {
    const { shape } = point.value;
    const size = isStatic(shape) ? sizeOf(shape) : Infinity;
    if (size > room) {
      batches.push([]);
      room = size === Infinity ? 0 : MOST_NUMBERS;
    }
    batches.at(-1)!.push(point);
    room -= size === Infinity ? 0 : size;
  }
  return batches;
}
