import { expect, it } from 'vitest';
import type { Detection } from '../../detect/detection.ts';
import { VideoCount } from './video-count.ts';

const found = (...labels: readonly string[]): { readonly detections: readonly Detection[] } => ({
  detections: labels.map(label => ({ label, classId: 0, score: 1, box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 } })),
});

it('counts frames, and the most objects of a class in one frame', () => {
  const count = new VideoCount();
  count.add(found('dog', 'dog', 'cat'));
  count.add(undefined);
  count.add(found('cat', 'cat', 'cat', 'dog'));
  count.add(found());
  expect(count.summary()).toMatchObject({ frames: 4, processed: 3, objects: 7 });
  expect([...count.summary().most]).toEqual([
    ['dog', 2],
    ['cat', 3],
  ]);
});
