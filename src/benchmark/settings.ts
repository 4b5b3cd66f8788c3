import { cacheConfig } from '../api/cache-config.ts';
import { DecantError } from '../errors.ts';
import type { Config } from '../runtime/config.ts';
import type { BenchmarkOptions } from './benchmark-options.ts';

/** Options with their defaults. */
export interface Settings extends BenchmarkOptions {
  readonly device: string;
  readonly api: 'sync' | 'async';
  readonly performanceHint: NonNullable<BenchmarkOptions['performanceHint']>;
}

/** Without any limit. */
const SECONDS = 10;

export function settingsFrom(options: BenchmarkOptions): Settings {
  const { device = 'CPU', performanceHint, requests = 1, iterations } = options;
  const api = options.api ?? (performanceHint === 'latency' ? 'sync' : 'async');
  if (api === 'sync' && requests !== 1) {
    throw new DecantError('invalid-argument', `the synchronous API has one request, not ${requests}`, {
      remedy: 'Leave the number of requests out, or use the asynchronous API.',
    });
  }
  return {
    ...options,
    device,
    api,
    performanceHint: performanceHint ?? (api === 'sync' ? 'latency' : 'throughput'),
    seconds: options.seconds ?? (iterations === undefined ? SECONDS : undefined),
  };
}

export async function configOf(settings: Settings): Promise<Config> {
  const { performanceHint, requests, streams, threads, precision, profile, cacheDir, config } = settings;
  return {
    ...(performanceHint !== 'none' && { PERFORMANCE_HINT: performanceHint.toUpperCase() }),
    ...(requests !== undefined && { PERFORMANCE_HINT_NUM_REQUESTS: requests }),
    ...(streams !== undefined && { NUM_STREAMS: streams }),
    ...(threads !== undefined && { INFERENCE_NUM_THREADS: threads }),
    ...(precision !== undefined && { INFERENCE_PRECISION_HINT: precision }),
    ...(profile === true && { PERF_COUNT: true }),
    ...(await cacheConfig(cacheDir)),
    ...config,
  };
}
