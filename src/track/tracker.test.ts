import { describe, expect, it } from 'vitest';
import { type Actor, around, detectionOf, idf1, numbers, type Scene, visible } from '../../test/support/scenes.ts';
import type { Detection } from '../detect/detection.ts';
import { Tracker } from './tracker.ts';

const person = (at: Actor['at']): Actor => ({ label: 'person', at });
const car = (at: Actor['at']): Actor => ({ label: 'car', at });
const hiddenIn =
  (from: number, to: number, at: Actor['at']): Actor['at'] =>
  frame =>
    frame >= from && frame < to ? undefined : at(frame);

const SCENES: Readonly<Record<string, Scene>> = {
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
function follow(scene: Scene, { dropped = 0, tremble = 0, seed = 1 }): readonly (readonly Detection[])[] {
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

const SEEDS = [1, 2, 3, 4, 5];

describe('Tracker', () => {
  it.each(Object.entries(SCENES))('follows %s', (_name, scene) => {
    expect(idf1(scene, follow(scene, {}))).toBeGreaterThanOrEqual(0.95);
    for (const seed of SEEDS) {
      expect(idf1(scene, follow(scene, { tremble: 3, seed }))).toBeGreaterThanOrEqual(0.93);
      expect(idf1(scene, follow(scene, { dropped: 0.1, tremble: 2, seed }))).toBeGreaterThanOrEqual(0.85);
    }
  });

  const scene: Scene = { frames: 3, actors: [person(t => around(100 + 4 * t, 200, 40, 90))] };
  const seen = (frame: number, score = 0.9): Detection => detectionOf(scene, 0, visible(scene, frame)[0]!.box, score);

  it('numbers what it sees first at once, and later objects at their second sighting', () => {
    const tracker = new Tracker();
    const other = { ...seen(0), box: around(400, 200, 40, 90) };
    expect(tracker.update([seen(0)]).map(({ trackId }) => trackId)).toEqual([1]);
    expect(tracker.update([other, seen(1)]).map(({ trackId }) => trackId)).toEqual([undefined, 1]);
    expect(tracker.update([other, seen(2)]).map(({ trackId }) => trackId)).toEqual([2, 1]);
  });

  it('continues a track with a low score, but starts none', () => {
    const tracker = new Tracker();
    expect(tracker.update([seen(0), { ...seen(0, 0.2), box: around(400, 200, 40, 90) }])).toHaveLength(1);
    expect(tracker.update([seen(1, 0.2)])).toMatchObject([{ trackId: 1, score: 0.2 }]);
    expect(tracker.update([seen(2, 0.05)])).toEqual([]);
  });

  it('keeps classes apart', () => {
    const tracker = new Tracker();
    tracker.update([seen(0)]);
    expect(tracker.update([{ ...seen(1), classId: 3, label: 'car' }])[0]?.trackId).toBeUndefined();
  });

  it('forgets what is hidden for too long', () => {
    const tracker = new Tracker({ maxHidden: 2 });
    tracker.update([seen(0)]);
    for (let i = 0; i < 3; i++) tracker.update([]);
    expect(tracker.traces).toEqual([]);
    tracker.update([seen(0)]);
    expect(tracker.update([seen(0)])).toMatchObject([{ trackId: 2 }]);
  });

  it('traces the feet of visible objects', () => {
    const tracker = new Tracker();
    tracker.update([seen(0)]);
    tracker.update([seen(1)]);
    expect(tracker.traces).toEqual([{ trackId: 1, classId: 1, points: [{ x: 100, y: 245 }, { x: 104, y: 245 }] }]); // prettier-ignore
    tracker.update([]);
    expect(tracker.traces).toEqual([]);
  });

  it('does not stumble over boxes of no size or scores that are no numbers', () => {
    const tracker = new Tracker();
    const point = { xmin: 5, ymin: 5, xmax: 5, ymax: 5 };
    for (let i = 0; i < 3; i++) tracker.update([{ ...seen(0), box: point }, seen(0, NaN)]);
    expect(tracker.update([{ ...seen(0), box: point }])).toHaveLength(1);
  });

  it.each([{ threshold: 2 }, { lowThreshold: 0.8 }, { maxHidden: -1 }, { threshold: NaN }])('rejects %j', options => {
    expect(() => new Tracker(options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as unknown);
  });
});
