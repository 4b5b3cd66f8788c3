import type { Detection } from '../../src/detect/detection.ts';
import { boxIou, clipBox, type Box } from '../../src/image/geometry.ts';
import { assign } from '../../src/track/assign.ts';

const FRAME = { width: 640, height: 480 };

/** An object of a made-up scene: its box in every frame, or undefined while nobody can see it. */
export interface Actor {
  readonly label: string;
  readonly at: (frame: number) => Box | undefined;
}

export interface Scene {
  readonly frames: number;
  readonly actors: readonly Actor[];
}

export const around = (x: number, y: number, width: number, height: number): Box => ({
  xmin: x - width / 2,
  ymin: y - height / 2,
  xmax: x + width / 2,
  ymax: y + height / 2,
});

/** What a perfect detector sees: every box inside the frame, with its actor. */
export const visible = ({ actors }: Scene, frame: number): readonly { readonly actor: number; readonly box: Box }[] =>
  actors.flatMap(({ at }, actor) => {
    const box = at(frame);
    const clipped = box && clipBox(box, FRAME);
    return clipped === undefined ? [] : [{ actor, box: clipped }];
  });

/** Numbers from 0 to 1, always the same for a seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const detectionOf = ({ actors }: Scene, actor: number, box: Box, score = 0.9): Detection => {
  const { label } = actors[actor]!;
  return { label, classId: label === 'person' ? 1 : 3, score, box };
};

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
