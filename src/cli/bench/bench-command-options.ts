import type { HeadChoice } from '../../detect/heads/find-head.ts';
import type { BenchmarkOptions } from '../../benchmark/benchmark-options.ts';
import type { PostProcessing } from '../model-options.ts';

export interface BenchCommandOptions extends PostProcessing {
  readonly device: string;
  readonly hint?: NonNullable<BenchmarkOptions['performanceHint']>;
  readonly api?: 'sync' | 'async';
  readonly time?: number;
  readonly niter?: number;
  readonly nireq?: number;
  readonly nstreams?: number;
  readonly nthreads?: number;
  readonly infer_precision?: string;
  readonly shape?: string;
  readonly data_shape?: string;
  readonly image?: string;
  readonly signature?: string;
  readonly freeze?: string;
  readonly head?: HeadChoice;
  readonly cacheDir?: string;
  readonly perOp?: boolean;
  readonly report?: string;
  readonly report_type?: 'no_counters' | 'average_counters' | 'detailed_counters';
  readonly report_folder?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
}
