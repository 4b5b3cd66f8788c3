import { expect, it } from 'vitest';
import type { RawDetections } from '../detect/raw-detections.ts';
import { matchDetections } from './match-detections.ts';

const found = (
  ...detections: readonly (readonly [score: number, label: number, ...box: readonly number[]])[]
): RawDetections => ({
  boxes: detections.flatMap(([, , ...box]) => box),
  scores: detections.map(([score]) => score),
  classes: detections.map(([, label]) => label),
  count: detections.length,
});

const ONE = found([0.9, 1, 0.1, 0.1, 0.5, 0.5]);

it('matches detections in any order', () => {
  const a = found([0.9, 1, 0.1, 0.1, 0.5, 0.5], [0.895, 2, 0, 0, 1, 1]);
  const b = found([0.899, 2, 0, 0, 1, 0.99], [0.901, 1, 0.1, 0.1, 0.5, 0.501]);
  expect(matchDetections(a, b)).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

it.each([
  ['class', found([0.9, 2, 0.1, 0.1, 0.5, 0.5])],
  ['score', found([0.88, 1, 0.1, 0.1, 0.5, 0.5])],
  ['box', found([0.9, 1, 0.1, 0.1, 0.5, 0.53])],
])('tells another %s', (_, other) => {
  expect(matchDetections(ONE, other)).toEqual([]);
});

it('matches one to one', () => {
  expect(matchDetections(found([0.9, 1, 0, 0, 1, 1], [0.9, 1, 0, 0, 1, 1]), found([0.9, 1, 0, 0, 1, 1]))).toEqual([
    [0, 0],
  ]);
});

it('matches thin boxes by their edges', () => {
  expect(matchDetections(found([0.9, 1, 0, 0, 1, 0.001]), found([0.9, 1, 0, 0.0005, 1, 0.0015]))).toEqual([[0, 0]]);
});

it('matches boxes without finite edges if they are the same', () => {
  const [a, b] = [found([0.9, 1, -Infinity, 0, Infinity, NaN]), found([0.9, 1, -Infinity, 0, Infinity, 1])];
  expect(matchDetections(a, a)).toEqual([[0, 0]]);
  expect(matchDetections(a, b)).toEqual([]);
});
