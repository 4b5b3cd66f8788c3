import { countsOf } from '../detect/run-length.ts';
import type { JsonValue } from './json-value.ts';
import type { Segmentation } from './segmentation.ts';

/** Beyond it, subpixels are no longer exact. */
const MAX_COORDINATE = 2 ** 48;

export function parseSegmentation(json: JsonValue | undefined): Segmentation | undefined {
  if (json === undefined) return undefined;
  if (Array.isArray(json.value)) {
    return json.items().map(polygon => {
      const corners = polygon.items().map(coordinate);
      return corners.length % 2 === 0 ? corners : polygon.fail('has an x without a y');
    });
  }
  const [height, width, ...more] = json
    .field('size')
    .items()
    .map(length => length.integer());
  if (height === undefined || width === undefined || more.length > 0) return json.fail('has no height and width');
  const given = json.field('counts');
  const counts = typeof given.value === 'string' ? given.value : given.items().map(count => count.integer());
  const runs = typeof counts === 'string' ? countsOf(counts) : counts;
  const isInside = runs.every(count => count >= 0) && runs.reduce((sum, count) => sum + count, 0) <= height * width;
  return isInside ? { size: [height, width], counts } : given.fail(`does not fit ${width} x ${height} pixels`);
}

function coordinate(json: JsonValue): number {
  const value = json.number();
  return Math.abs(value) <= MAX_COORDINATE ? value : json.fail('is not a coordinate of an image');
}
