import type { ProfilingInfo } from '../runtime/profiling-info.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** Durations in milliseconds. */
export interface Latency {
  readonly median: number;
  readonly average: number;
  readonly min: number;
  readonly max: number;
}

/** Settings and times of a benchmark; all durations are in milliseconds. */
export interface BenchmarkResult {
  /** The model's name in the IR. */
  readonly topology: string;
  readonly openvino: string;
  /** Device that ran the model. */
  readonly device: string;
  readonly api: 'sync' | 'async';
  readonly performanceHint: string;
  /** Precision of the arithmetic, as OpenVINO reports it; undefined if the device does not. */
  readonly precision: string | undefined;
  readonly requests: number;
  readonly streams: string | undefined;
  readonly threads: string | undefined;
  /** Images per inference. */
  readonly batch: number;
  readonly inputs: readonly { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] }[];
  /** Undefined for an IR or a cached model. */
  readonly convertTime: number | undefined;
  readonly readTime: number;
  readonly compileTime: number;
  readonly firstInferenceTime: number;
  readonly duration: number;
  readonly iterations: number;
  /** Images per second. */
  readonly throughput: number;
  readonly latency: Latency;
  /** Of each inference, in the order in which they ended. */
  readonly latencies: readonly number[];
  /** Mean timing of each op, with the option `profile`. */
  readonly profile?: readonly ProfilingInfo[];
  /** Timing of each op by request. */
  readonly profiles?: readonly (readonly ProfilingInfo[])[];
}
