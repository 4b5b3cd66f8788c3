import type { ProfilingInfo } from '../runtime/profiling-info.ts';

/** Time of one op, or of all ops of a type, per inference. */
export interface OpTime {
  readonly name: string;
  readonly type: string;
  /** Implementations that the device chose. */
  readonly execType: string;
  /** Number of executed ops. */
  readonly count: number;
  readonly ms: number;
  /** Part of the time of all ops, 0..1. */
  readonly share: number;
}

/** Returns a share 0..1 as text: `12.3 %`. */
export const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Returns the means over the requests of a model, which run the same ops. */
export function averageProfile(profiles: readonly (readonly ProfilingInfo[])[]): readonly ProfilingInfo[] {
  const byName = profiles.map(profile => new Map(profile.map(info => [info.nodeName, info])));
  const mean = (name: string, field: 'realTime' | 'cpuTime'): number =>
    byName.reduce((sum, infos) => sum + (infos.get(name)?.[field] ?? 0), 0) / profiles.length;
  return (profiles[0] ?? []).map(info => ({
    ...info,
    realTime: mean(info.nodeName, 'realTime'),
    cpuTime: mean(info.nodeName, 'cpuTime'),
  }));
}

/** Returns the executed ops, slowest first. */
export function opTimes(profile: readonly ProfilingInfo[]): readonly OpTime[] {
  const executed = profile.filter(({ status }) => status === 'executed');
  const total = executed.reduce((sum, { realTime }) => sum + realTime, 0);
  return executed
    .map(({ nodeName, nodeType, execType, realTime }) => ({
      name: nodeName,
      type: nodeType,
      execType,
      count: 1,
      ms: realTime / 1000,
      share: total === 0 ? 0 : realTime / total,
    }))
    .toSorted((a, b) => b.ms - a.ms);
}

/** Returns the times of all types of ops, slowest first. */
export function typeTimes(ops: readonly OpTime[]): readonly OpTime[] {
  const types = new Map<string, OpTime[]>();
  for (const op of ops) types.set(op.type, [...(types.get(op.type) ?? []), op]);
  return [...types]
    .map(([type, same]) => ({
      name: type,
      type,
      execType: [...new Set(same.map(({ execType }) => execType))].join(', '),
      count: same.length,
      ms: same.reduce((sum, { ms }) => sum + ms, 0),
      share: same.reduce((sum, { share }) => sum + share, 0),
    }))
    .toSorted((a, b) => b.ms - a.ms);
}
