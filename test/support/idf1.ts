import type { Detection } from '../../src/detect/detection.ts';
import { boxIou } from '../../src/image/geometry.ts';
import { assign } from '../../src/track/assign.ts';
import { type Scene, visible } from './scene.ts';

/**
 * IDF1 of tracks against a scene: the F1 score of the boxes whose track is the one that was chosen for their actor, with the
 * choice that makes the score highest (Ristani et al. 2016). Boxes agree from an IoU of 0.5.
 */
export function idf1(scene: Scene, tracked: readonly (readonly Detection[])[]): number {
  const agreements = scene.actors.map(() => new Map<number, number>());
  let truths = 0;
  let reported = 0;
  for (let frame = 0; frame < scene.frames; frame++) {
    const boxes = visible(scene, frame);
    const found = tracked[frame]!.filter(({ trackId }) => trackId !== undefined);
    truths += boxes.length;
    reported += found.length;
    for (const { actor, box } of boxes) {
      for (const { trackId, box: other } of found) {
        if (boxIou(box, other) < 0.5) continue;
        agreements[actor]!.set(trackId!, (agreements[actor]!.get(trackId!) ?? 0) + 1);
      }
    }
  }
  const ids = [...new Set(agreements.flatMap(counts => [...counts.keys()]))];
  const costs = agreements.map(counts => ids.map(id => -(counts.get(id) ?? 0)));
  const hits = assign(costs, 0).reduce((sum, [actor, column]) => sum - costs[actor]![column]!, 0);
  return (2 * hits) / (truths + reported);
}
