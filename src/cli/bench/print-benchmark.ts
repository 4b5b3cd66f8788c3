import type { BenchmarkResult } from '../../benchmark/benchmark-result.ts';
import { type OpTime, opTimes, percentOf, typeTimes } from '../../benchmark/op-times.ts';
import type { Fact } from '../../report/page.ts';
import { milliseconds, print, table } from '../console.ts';

/** Ops in the table of the slowest ones. */
const SLOWEST = 15;

/** Characters of an op's name in the table, its last ones. */
const NAME_LENGTH = 60;

export function printBenchmark(model: string, result: BenchmarkResult): void {
  const { latency, profile, iterations, duration, throughput } = result;
  print(model);
  print(table(benchmarkFacts(result)));
  print('');
  print(
    table(
      [
        ['Count:', `${iterations} iterations`],
        ['Duration:', `${duration.toFixed(2)} ms`],
        ['Latency:', ''],
        ['   Median:', inMs(latency.median)],
        ['   Average:', inMs(latency.average)],
        ['   Min:', inMs(latency.min)],
        ['   Max:', inMs(latency.max)],
        ['Throughput:', `${throughput.toFixed(2)} FPS`],
      ],
      '',
    ),
  );
  if (profile !== undefined) printOps(opTimes(profile));
}

export function benchmarkFacts(result: BenchmarkResult): readonly Fact[] {
  const { openvino, device, api, performanceHint, precision, requests, streams, threads, inputs, convertTime } = result;
  const settings = [
    `hint ${performanceHint}`,
    api,
    `${requests} request${requests === 1 ? '' : 's'}`,
    ...(streams === undefined ? [] : [`${streams} stream${streams === '1' ? '' : 's'}`]),
    ...(threads === undefined ? [] : [`${threads} thread${threads === '1' ? '' : 's'}`]),
    ...(precision === undefined ? [] : [precision]),
  ];
  return [
    ['OpenVINO', openvino],
    ['device', device],
    ['settings', settings.join(', ')],
    ['inputs', inputs.map(({ name, type, shape }) => `${name} ${type}[${shape.join(',')}]`).join(', ')],
    ...(convertTime === undefined ? [] : [['converted in', milliseconds(convertTime)] as const]),
    ['read in', milliseconds(result.readTime)],
    ['compiled in', milliseconds(result.compileTime)],
    ['first inference', milliseconds(result.firstInferenceTime)],
  ];
}

function printOps(ops: readonly OpTime[]): void {
  const time = ({ ms, share }: Pick<OpTime, 'ms' | 'share'>): readonly string[] => [ms.toFixed(3), percentOf(share)];
  const types = typeTimes(ops).map(type => [type.type, type.count, ...time(type), type.execType]);
  const sum = ['all', ops.length, ...time({ ms: ops.reduce((total, { ms }) => total + ms, 0), share: 1 }), ''];
  const slowest = ops.slice(0, SLOWEST).map(op => [shortened(op.name), op.type, ...time(op), op.execType]);
  print(`\n${table([['type of op', 'ops', 'ms', 'share', 'implementation'], ...types, sum])}`);
  print(`\n${table([['slowest ops', 'type', 'ms', 'share', 'implementation'], ...slowest])}`);
}

const shortened = (name: string): string => (name.length > NAME_LENGTH ? `…${name.slice(1 - NAME_LENGTH)}` : name);

/** Short times in microseconds, as `benchmark_app` prints them. */
const inMs = (ms: number): string => (ms < 1 ? `${(1000 * ms).toFixed(2)} us` : `${ms.toFixed(2)} ms`);
