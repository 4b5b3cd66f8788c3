import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { movenet } from './movenet.ts';
import type { Port, Ports } from './port.ts';

const input: Port = { names: ['input'], type: 'i32', shape: [1, 192, 192, 3] };
const output = (...shape: readonly number[]): Port => ({ names: ['points'], type: 'f32', shape });
const size = { width: 100, height: 100 };

describe('movenet', () => {
  it.each([
    ['other keypoints', { inputs: [input], outputs: [output(1, 1, 21, 3)] }],
    ['two outputs', { inputs: [input], outputs: [output(1, 1, 17, 3), output(1, 1)] }],
    ['rows for an f32 image', { inputs: [{ ...input, type: 'f32' }], outputs: [output(1, 6, 56)] }],
  ] satisfies [string, Ports][])('does not match %s', (_, ports: Ports) => {
    expect(movenet(ports)).toEqual(expect.any(String));
  });

  it('spans the box of one person over the keypoints that are seen', () => {
    const head = matched(movenet({ inputs: [input], outputs: [output(1, 1, 17, 3)] }));
    const points = Array.from({ length: 17 }, (_, i) =>
      i < 2 ? [0.2 + 0.5 * i, 0.1 + 0.1 * i, 0.5] : [0.9, 0.9, 0.1],
    );
    const [person, ...others] = toDetections(
      head.read({ points: tensorOf('f32', [1, 1, 17, 3], points.flat()) }),
      size,
      head.labels,
    );
    expect(others).toEqual([]);
    expect(person!.label).toBe('person');
    const { xmin, ymin, xmax, ymax } = person!.box;
    [10, 20, 20, 70].forEach((edge, i) => expect([xmin, ymin, xmax, ymax][i]).toBeCloseTo(edge, 4));
    expect(person!.keypoints![0]).toMatchObject({ name: 'nose', score: 0.5 });
  });

  it('finds nobody without keypoints', () => {
    const head = matched(movenet({ inputs: [input], outputs: [output(1, 1, 17, 3)] }));
    expect(head.read({ points: tensorOf('f32', [1, 1, 17, 3], Array<number>(51).fill(0.1)) }).count).toBe(0);
  });

  it('reads several persons', () => {
    const head = matched(
      movenet({ inputs: [{ ...input, shape: [1, undefined, undefined, 3] }], outputs: [output(1, 6, 56)] }),
    );
    const row = [...Array.from({ length: 17 }, () => [0.5, 0.25, 0.75]).flat(), 0.25, 0.125, 0.75, 0.5, 0.625];
    const rows = [...row, ...Array<number>(5 * 56).fill(0)];
    const raw = head.read({ points: tensorOf('f32', [1, 6, 56], rows) });
    const [person, ...others] = toDetections(raw, size, head.labels, { threshold: 0.1 });
    expect(others).toEqual([]);
    expect(person).toMatchObject({ score: 0.625, box: { xmin: 12.5, ymin: 25, xmax: 50, ymax: 75 } });
    expect(person!.keypoints![16]).toEqual({ name: 'right_ankle', x: 25, y: 50, score: 0.75 });
  });
});
