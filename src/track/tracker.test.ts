import { describe, expect, it } from 'vitest';
import { around, detectionOf, type Scene, visible } from '../../test/support/scene.ts';
import { idf1 } from '../../test/support/idf1.ts';
import { follow, person, SCENES } from '../../test/support/scenes.ts';
import type { Detection } from '../detect/detection.ts';
import { Tracker } from './tracker.ts';

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
