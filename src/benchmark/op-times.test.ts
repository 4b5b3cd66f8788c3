import { expect, it } from 'vitest';
import type { ProfilingInfo } from '../runtime/profiling-info.ts';
import { averageProfile, opTimes, typeTimes } from './op-times.ts';

const op = (nodeName: string, nodeType: string, realTime: number, execType = 'jit'): ProfilingInfo => ({
  nodeName,
  nodeType,
  execType,
  realTime,
  cpuTime: realTime,
  status: 'executed',
});

it('averages the times of an op over the requests', () => {
  const [first, second] = averageProfile([
    [op('a', 'Add', 100), op('b', 'MatMul', 300)],
    [op('b', 'MatMul', 500), op('a', 'Add', 300)],
  ]);
  expect([first, second]).toEqual([op('a', 'Add', 200), op('b', 'MatMul', 400)]);
});

it('sorts ops and types by time, without those that did not run', () => {
  const profile = [
    op('a', 'Add', 100),
    op('b', 'MatMul', 600),
    op('c', 'Add', 300, 'ref'),
    { ...op('d', 'Convert', 5), status: 'optimized-out' as const },
  ];
  const ops = opTimes(profile);
  expect(ops.map(({ name, ms, share }) => [name, ms, share])).toEqual([
    ['b', 0.6, 0.6],
    ['c', 0.3, 0.3],
    ['a', 0.1, 0.1],
  ]);
  expect(typeTimes(ops)).toEqual([
    { name: 'MatMul', type: 'MatMul', execType: 'jit', count: 1, ms: 0.6, share: 0.6 },
    { name: 'Add', type: 'Add', execType: 'ref, jit', count: 2, ms: 0.4, share: 0.4 },
  ]);
});

it('has no shares where no time was measured', () => {
  expect(opTimes([op('a', 'Add', 0)])).toMatchObject([{ ms: 0, share: 0 }]);
});
