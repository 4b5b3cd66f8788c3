import { join } from 'node:path';
import { benchmarkResolved } from '../../benchmark/benchmark-model.ts';
import type { BenchmarkOptions } from '../../benchmark/benchmark-options.ts';
import type { BenchmarkResult } from '../../benchmark/benchmark-result.ts';
import { checkTargetFolder } from '../../platform/check-target.ts';
import { writeFiles } from '../../platform/write-files.ts';
import { benchmarkReport } from '../../report/benchmark-report.ts';
import { jsonText } from '../../results/result-part.ts';
import { checkImageFile } from '../check-inputs.ts';
import { checkReportPath } from '../check-report-path.ts';
import { endStatus, logInfo, printJson, progress, status } from '../console.ts';
import { convertOptions, postProcessing } from '../model-options.ts';
import { refuseIdle } from '../refuse-idle.ts';
import { decantFacts } from '../report-facts.ts';
import { resolveWithProgress } from '../transfer.ts';
import type { BenchCommandOptions } from './bench-command-options.ts';
import { counters, statistics } from './benchmark-statistics.ts';
import { benchmarkFacts, printBenchmark } from './print-benchmark.ts';

export async function runBench(model: string, options: BenchCommandOptions): Promise<void> {
  const { report, report_type, report_folder, data_shape, image } = options;
  await checkReportPath(report);
  if (report_type === undefined) refuseIdle({ '-report_folder': report_folder }, 'without -report_type');
  if (image !== undefined) refuseIdle({ '-data_shape': data_shape }, 'with an image');
  if (report_type !== undefined) await checkTargetFolder(report_folder ?? '.');
  if (image !== undefined) await checkImageFile(image);
  const resolved = await resolveWithProgress(model, options);
  status(`loading ${model}`);
  const result = await benchmarkResolved(resolved, benchmarkOptions(resolved.kind === 'ir', options));
  endStatus();
  if (options.json === true) printJson({ ...statistics(options, result), ...counters('average_counters', result) });
  else printBenchmark(model, result);
  if (options.report !== undefined) {
    const facts = [['model', model] as const, ...benchmarkFacts(result), ...decantFacts()];
    await save(options.report, benchmarkReport('Benchmark', facts, result));
  }
  await saveStatistics(options, result);
}

function benchmarkOptions(isIr: boolean, options: BenchCommandOptions): BenchmarkOptions {
  const { device, hint, api, time, niter, nireq, nstreams, nthreads, shape, image, cacheDir } = options;
  const { signature, freeze, head, perOp = false, report_type = 'no_counters' } = options;
  const convert = {
    ...(signature !== undefined && { signature }),
    ...(freeze !== undefined && { freeze }),
    ...(head !== undefined && { head }),
    ...postProcessing(options),
  };
  return {
    device,
    performanceHint: hint,
    api,
    seconds: time,
    iterations: niter,
    requests: nireq,
    streams: nstreams,
    threads: nthreads,
    precision: options.infer_precision,
    inputShapes: shape,
    head,
    dataShapes: options.data_shape,
    image,
    profile: perOp || report_type !== 'no_counters',
    cacheDir,
    convert: isIr ? convert : convertOptions({ fp16: true, ...convert }),
    onProgress: share => {
      progress('measuring', share, 1);
    },
  };
}

/** Writes the files of `benchmark_app`, with numbers in place of strings. */
async function saveStatistics(options: BenchCommandOptions, result: BenchmarkResult): Promise<void> {
  const { report_type: type, report_folder: folder = '.' } = options;
  if (type === undefined) return;
  await save(join(folder, 'benchmark_report.json'), jsonText(statistics(options, result), 2));
  if (type === 'no_counters') return;
  await save(join(folder, `benchmark_${type}_report.json`), jsonText(counters(type, result), 2));
}

async function save(path: string, text: string): Promise<void> {
  await writeFiles([{ path, parts: [new TextEncoder().encode(text)] }]);
  logInfo(`saved ${path}`);
}
