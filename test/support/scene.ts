import type { Detection } from '../../src/detect/detection.ts';
import { type Box, clipBox } from '../../src/image/geometry.ts';

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
