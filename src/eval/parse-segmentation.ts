import type { JsonValue } from './json-value.ts';
import type { Segmentation } from './segmentation.ts';

export function parseSegmentation(json: JsonValue | undefined): Segmentation | undefined {
  if (json === undefined) return undefined;
  if (Array.isArray(json.value)) {
    return json.items().map(polygon => {
      const corners = polygon.items().map(length => length.number());
      return corners.length % 2 === 0 ? corners : polygon.fail('has an x without a y');
    });
  }
  const [height, width, ...more] = json
    .field('size')
    .items()
    .map(length => length.integer());
  if (height === undefined || width === undefined || more.length > 0) return json.fail('has no height and width');
  const counts = json.field('counts');
  return {
    size: [height, width],
    counts: typeof counts.value === 'string' ? counts.value : counts.items().map(count => count.integer()),
  };
}
