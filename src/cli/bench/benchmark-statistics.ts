import type { BenchmarkResult } from '../../benchmark/benchmark-result.ts';
import { opTimes, typeTimes } from '../../benchmark/op-times.ts';
import type { ProfilingInfo } from '../../runtime/profiling-info.ts';
import { rounded } from '../../results/result-part.ts';
import type { BenchCommandOptions } from './bench-command-options.ts';

type Field = readonly [name: string, value: string | number | undefined];

/** Returns the content of `benchmark_report.json`, with the names of `benchmark_app`. Times are in milliseconds. */
export function statistics(options: BenchCommandOptions, result: BenchmarkResult): object {
  const { latency, iterations } = result;
  const given = Object.entries(options).map(([name, value]) => [flagOf(name), String(value)] as const);
  return {
    cmd_options: fields(given),
    configuration_setup: {
      ...fields([
        ['topology', result.topology],
        ['target device', result.device],
        ['API', result.api],
        ['performance hint', result.performanceHint],
        ['precision', result.precision ?? 'UNSPECIFIED'],
        ['batch size', result.batch],
        ['number of iterations', options.niter],
        ['number of parallel infer requests', result.requests],
        ['number of streams', number(result.streams)],
        ['number of threads', number(result.threads)],
        ['duration (ms)', options.time === undefined ? undefined : 1000 * options.time],
        ['openvino', result.openvino],
      ]),
      inputs: result.inputs,
    },
    execution_results: fields([
      ['convert model time (ms)', result.convertTime],
      ['read model time (ms)', result.readTime],
      ['compile model time (ms)', result.compileTime],
      ['first inference time (ms)', result.firstInferenceTime],
      ['total execution time (ms)', result.duration],
      ['total number of iterations', iterations],
      ['latency (ms)', latency.median],
      ['avg latency', latency.average],
      ['min latency', latency.min],
      ['max latency', latency.max],
      ['throughput', result.throughput],
    ]),
  };
}

/** Returns the content of `benchmark_average_counters_report.json` or its sibling; nothing if ops were not measured. */
export function counters(type: 'average_counters' | 'detailed_counters', result: BenchmarkResult): object {
  const { profile, profiles } = result;
  if (profile === undefined || profiles === undefined) return {};
  if (type === 'detailed_counters') {
    return { report_type: 'detailed', detailed_performance: profiles.map(performanceOf) };
  }
  const types = typeTimes(opTimes(profile)).map(({ type: name, count, ms, share, execType }) => ({
    node_type: name,
    nodes: count,
    real_time: rounded(ms, DIGITS),
    share: rounded(share, 4),
    exec_type: execType,
  }));
  return { report_type: 'average', avg_performance: { ...performanceOf(profile), node_types: types } };
}

/** Microseconds, as precise as OpenVINO measures ops. */
const DIGITS = 3;

const fields = (list: readonly Field[]): object =>
  Object.fromEntries(
    list
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'number' ? rounded(value, DIGITS) : value]),
  );

const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** `-nireq`, `--per-op`. */
const flagOf = (option: string): string =>
  /[A-Z]/.test(option) ? `--${option.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}` : `-${option}`;

const STATUSES = {
  'not-run': 'Status.NOT_RUN',
  'optimized-out': 'Status.OPTIMIZED_OUT',
  executed: 'Status.EXECUTED',
} as const;

const performanceOf = (profile: readonly ProfilingInfo[]): object => ({
  nodes: profile.map(({ nodeName, nodeType, status, realTime, cpuTime, execType }) => ({
    name: nodeName,
    node_type: nodeType,
    status: STATUSES[status],
    real_time: rounded(realTime / 1000, DIGITS),
    cpu_time: rounded(cpuTime / 1000, DIGITS),
    exec_type: execType,
  })),
  total_real_time: total(profile, 'realTime'),
  total_cpu_time: total(profile, 'cpuTime'),
});

const total = (profile: readonly ProfilingInfo[], field: 'realTime' | 'cpuTime'): number =>
  rounded(profile.reduce((sum, info) => sum + info[field], 0) / 1000, DIGITS);
