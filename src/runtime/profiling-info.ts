import type { Library } from './library.ts';
import type { Pointer } from './argument.ts';
import { textAt, wordsAt } from './memory.ts';

/** Timing of one operation of a model. */
export interface ProfilingInfo {
  readonly nodeName: string;
  readonly nodeType: string;
  /** Implementation that the device chose. */
  readonly execType: string;
  readonly status: 'not-run' | 'optimized-out' | 'executed';
  /** Wall-clock time in microseconds. */
  readonly realTime: number;
  /** CPU time of the host in microseconds. */
  readonly cpuTime: number;
}

const STATUSES = ['not-run', 'optimized-out', 'executed'] as const;

/** 64-bit words of `ov_profiling_info_t`: status, real time, CPU time, pointers to three strings. */
const WORDS = 6;

export function readProfilingInfo(library: Library, request: Pointer): readonly ProfilingInfo[] {
  const list = new BigInt64Array(2);
  library.call('ov_infer_request_get_profiling_info', request, list);
  const infos = list[0]!;
  const count = Number(list[1]!);
  const words = wordsAt(infos, count * WORDS);
  const read = Array.from({ length: count }, (_, i): ProfilingInfo => {
    const [status, realTime, cpuTime, name, exec, type] = words.subarray(i * WORDS);
    return {
      nodeName: textAt(name!),
      nodeType: textAt(type!),
      execType: textAt(exec!),
      // The status is an int, the lower half of the word.
      status: STATUSES[Number(BigInt.asIntN(32, status!))] ?? 'not-run',
      realTime: Number(realTime!),
      cpuTime: Number(cpuTime!),
    };
  });
  library.free('ov_profiling_info_list_free', list);
  return read;
}
