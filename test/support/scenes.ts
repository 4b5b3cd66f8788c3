import type { Detection } from '../../src/detect/detection.ts';
import { Tracker } from '../../src/track/tracker.ts';
import { type Actor, around, detectionOf, numbers, type Scene, visible } from './scene.ts';

export const person = (at: Actor['at']): Actor => ({ label: 'person', at });
const car = (at: Actor['at']): Actor => ({ label: 'car', at });
const hiddenIn =
  (from: number, to: number, at: Actor['at']): Actor['at'] =>
  frame =>
    frame >= from && frame < to ? undefined : at(frame);

export const SCENES: Readonly<Record<string, Scene>> = {
  'people who cross': {
    frames: 120,
    actors: [
      person(t => around(60 + 4 * t, 240, 50, 120)),
      person(t => around(580 - 4 * t, 245, 48, 118)),
      person(t => around(320, 20 + 3.5 * t, 50, 110)),
      person(t => around(100 + 3 * t, 60 + 3 * t, 46, 100)),
    ],
  },
  'people behind a wall': {
    frames: 150,
    actors: [
      person(hiddenIn(40, 60, t => around(50 + 4 * t, 200, 50, 120))),
      person(hiddenIn(70, 90, t => around(600 - 3.5 * t, 300, 50, 120))),
      person(hiddenIn(55, 65, t => around(30 + 4 * t, 330, 60, 140))),
      person(() => around(320, 240, 60, 150)),
    ],
  },
  'people who leave and come back': {
    frames: 200,
    actors: [
      person(t => (t < 60 ? around(200 - 5 * t, 240, 50, 120) : undefined)),
      person(t => (t >= 120 ? around(-25 + 5 * (t - 120), 240, 50, 120) : undefined)),
      person(t => around(400 + 80 * Math.sin(t / 20), 300, 50, 130)),
    ],
  },
  'fast cars and a person': {
    frames: 60,
    actors: [
      car(t => around(-40 + 30 * t, 300, 90, 60)),
      car(t => (t >= 20 ? around(690 - 32 * (t - 20), 380, 100, 64) : undefined)),
      person(t => around(300 + 30 * Math.cos(t / 15), 300 + t, 40, 100)),
    ],
  },
  'a person who comes closer, and one who turns around': {
    frames: 120,
    actors: [
      person(t => around(200 + t / 2, 200 + t / 2, 30 + t / 2, 80 + 1.4 * t)),
      person(t => around(400 + 120 * Math.sin(t / 18), 300, 50, 120)),
    ],
  },
};

/** Runs the tracker; a share of the detections is dropped, and edges of boxes tremble by some pixels. */
export function follow(scene: Scene, { dropped = 0, tremble = 0, seed = 1 }): readonly (readonly Detection[])[] {
  const random = numbers(seed);
  const tracker = new Tracker();
  return Array.from({ length: scene.frames }, (_, frame) => {
    const seen = visible(scene, frame).filter(() => random() >= dropped);
    const moved = (edge: number): number => edge + tremble * (2 * random() - 1);
    return tracker.update(
      seen.map(({ actor, box }) =>
        detectionOf(
          scene,
          actor,
          { xmin: moved(box.xmin), ymin: moved(box.ymin), xmax: moved(box.xmax), ymax: moved(box.ymax) },
          0.6 + 0.4 * random(),
        ),
      ),
    );
  });
}
