import type { JsonPlace } from './json-place.ts';
import type { Segmentation } from './segmentation.ts';

/** Polygons, or a mask in run lengths. @throws DecantError `malformed` with the place */
export function parseSegmentation(place: JsonPlace | undefined): Segmentation | undefined {
  if (place === undefined) return undefined;
  if (Array.isArray(place.value)) {
    return place.items().map(polygon => {
      const corners = polygon.items().map(length => length.number());
      return corners.length % 2 === 0 ? corners : polygon.fail('has an x without a y');
    });
  }
  const [height, width, ...more] = place
    .field('size')
    .items()
    .map(length => length.integer());
  if (height === undefined || width === undefined || more.length > 0) return place.fail('has no height and width');
  const counts = place.field('counts');
  return {
    size: [height, width],
    counts: typeof counts.value === 'string' ? counts.value : counts.items().map(count => count.integer()),
  };
}
