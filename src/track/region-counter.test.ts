import { describe, expect, it } from 'vitest';
import { around, detectionOf, numbers, type Scene, visible } from '../../test/support/scene.ts';
import { RegionCounter } from './region-counter.ts';
import type { Region } from './regions.ts';
import { Tracker } from './tracker.ts';

const DOOR: Region = { name: 'door', kind: 'line', points: [{ x: 100, y: 300 }, { x: 540, y: 300 }] }; // prettier-ignore
const SQUARE: Region = {
  name: 'square',
  kind: 'zone',
  points: [{ x: 200, y: 200 }, { x: 440, y: 200 }, { x: 440, y: 400 }, { x: 200, y: 400 }], // prettier-ignore
};

function count(scene: Scene, regions: readonly Region[], tremble = 0): RegionCounter['counts'] {
  const tracker = new Tracker();
  const counter = new RegionCounter(regions);
  const random = numbers(7);
  for (let frame = 0; frame < scene.frames; frame++) {
    const seen = visible(scene, frame).map(({ actor, box }) => {
      const shift = tremble * (2 * random() - 1);
      return detectionOf(scene, actor, { ...box, ymin: box.ymin + shift, ymax: box.ymax + shift });
    });
    counter.update(tracker.update(seen));
  }
  return counter.counts;
}

describe('RegionCounter', () => {
  it('counts who crosses a line, by direction and class', () => {
    const scene: Scene = {
      frames: 100,
      actors: [
        { label: 'person', at: t => around(150, 100 + 4 * t, 40, 80) },
        { label: 'person', at: t => around(250, 440 - 4 * t, 40, 80) },
        { label: 'car', at: t => around(400, 60 + 4 * t, 60, 50) },
        // Passes beyond the end of the line.
        { label: 'car', at: t => around(40, 60 + 4 * t, 60, 50) },
        // Comes close, and turns back.
        { label: 'person', at: t => around(500, 250 - Math.abs(t - 50), 40, 90) },
      ],
    };
    const expected = { door: { in: { person: 1, car: 1 }, out: { person: 1 } } };
    expect(count(scene, [DOOR])).toEqual(expected);
    expect(count(scene, [DOOR], 1)).toEqual(expected);
  });

  it('counts once who trembles on a line', () => {
    const scene: Scene = {
      frames: 60,
      actors: [{ label: 'person', at: t => around(300, Math.min(200 + 3 * t, 260), 40, 80) }],
    };
    expect(count(scene, [DOOR], 1.5)).toEqual({ door: { in: {}, out: {} } });
  });

  it('counts who is hidden while crossing', () => {
    const scene: Scene = {
      frames: 60,
      actors: [{ label: 'person', at: t => (t > 20 && t < 35 ? undefined : around(300, 180 + 4 * t, 40, 80)) }],
    };
    expect(count(scene, [DOOR])).toEqual({ door: { in: { person: 1 }, out: {} } });
  });

  it('counts who enters and leaves a zone, and who is inside', () => {
    const scene: Scene = {
      frames: 80,
      actors: [
        { label: 'person', at: t => around(100 + 6 * t, 260, 40, 80) },
        { label: 'person', at: t => around(Math.min(100 + 4 * t, 320), 300, 40, 80) },
        // Stands inside from the start.
        { label: 'car', at: () => around(400, 320, 60, 50) },
      ],
    };
    expect(count(scene, [SQUARE])).toEqual({
      square: { in: { person: 2 }, out: { person: 1 }, inside: { person: 1, car: 1 } },
    });
  });

  it('tells who crossed', () => {
    const counter = new RegionCounter([DOOR]);
    const tracked = (y: number) => [
      { label: 'person', classId: 1, score: 0.9, trackId: 4, box: around(300, y, 40, 80) },
      { label: 'person', classId: 1, score: 0.9, box: around(200, y, 40, 80) },
    ];
    expect(counter.update(tracked(250))).toEqual([]);
    expect(counter.update(tracked(280))).toEqual([{ region: 'door', direction: 'in', trackId: 4, label: 'person' }]);
  });

  it.each<[Region, string]>([
    [{ ...DOOR, points: [{ x: 1, y: 1 }] }, "line 'door' has 1 points and needs 2 points"],
    [{ ...SQUARE, points: SQUARE.points.slice(0, 2) }, "zone 'square' has 2 points and needs 3 points or more"],
    [{ ...DOOR, points: [{ x: 1, y: 1 }, { x: 1, y: 1 }] }, "line 'door' starts and ends at the same point"], // prettier-ignore
    [{ ...DOOR, points: [{ x: NaN, y: 1 }, { x: 1, y: 1 }] }, "line 'door' has points that are not numbers"], // prettier-ignore
  ])('rejects %j', (region, message) => {
    expect(() => new RegionCounter([region])).toThrow(message);
  });
});
