import { type Command, Option } from 'commander';
import type { BenchCommandOptions } from '../bench/bench-command-options.ts';
import { cacheDirOption, freezeOption, withHead, withPostProcessing } from '../model-options.ts';
import { integerFrom, positiveUpTo } from '../parse-number.ts';
import { SingleDashCommand } from '../single-dash-command.ts';

/** Options that OpenVINO's `benchmark_app` has under the same name, with one dash. */
const AS_BENCHMARK_APP = /^--(?:hint|api|n\w+|(?:data_)?shape|infer_precision|report_\w+)\b/;

/** Seconds in a day. */
const LONGEST = 86_400;

export const benchCommand = (): Command =>
  withPostProcessing(
    withHead(
      new SingleDashCommand('bench')
        .description("Measure a model's latency and throughput on OpenVINO, with the options of its benchmark_app.")
        .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
        .configureHelp({
          optionTerm: ({ flags }) =>
            AS_BENCHMARK_APP.test(flags) ? `${flags.slice(1).split(' ')[0]!}, ${flags}` : flags,
        })
        .option('-d, --device <name>', 'device to run on: CPU, GPU, NPU, AUTO', 'CPU')
        .addOption(
          new Option('--hint <mode>', 'performance hint (default: throughput, or latency with -api sync)').choices([
            'latency',
            'throughput',
            'cumulative_throughput',
            'none',
          ]),
        )
        .addOption(
          new Option(
            '--api <type>',
            'run one inference at a time, or several (default: sync with -hint latency, else async)',
          ).choices(['sync', 'async']),
        )
        .option('-t, --time <seconds>', 'minimum duration (default: 10, unless -niter is given)', positiveUpTo(LONGEST))
        .option('--niter <n>', 'minimum number of inferences', integerFrom(1))
        .option('--nireq <n>', 'number of infer requests (default: what OpenVINO recommends)', integerFrom(1))
        .option('--nstreams <n>', 'number of streams', integerFrom(1))
        .option('--nthreads <n>', 'number of threads', integerFrom(1))
        .option('--infer_precision <type>', 'inference precision: f32, bf16, f16 (default: what the device prefers)')
        .option('--shape <shapes>', "set the model's input shapes: [1,512,512,3] or name[1,512,512,3],...")
        .option('--data_shape <shapes>', 'sizes of generated data for dynamic inputs (default: images of 480x640)')
        .option('-i, --image <file>', 'image to run (default: pseudorandom numbers)')
        .option('--signature <key>', 'SavedModel signature to convert')
        .addOption(freezeOption())
        .addOption(cacheDirOption())
        .option('--per-op', 'print where the time goes: by type of op, and the slowest ops')
        .option('--report <file>', 'write an HTML report: latencies, and with --per-op the time of ops')
        .addOption(
          new Option('--report_type <type>', 'write benchmark_report.json, and the time of each op').choices([
            'no_counters',
            'average_counters',
            'detailed_counters',
          ]),
        )
        .option('--report_folder <folder>', 'folder for the files of -report_type (default: .)')
        .option('--offline', 'download nothing; use cached models only')
        .option('--json', 'print JSON with the names of benchmark_app'),
    ),
  )
    .addHelpText(
      'after',
      `
Options may have one dash or two: -hint or --hint. A TensorFlow model is
converted first. The default precision is the device's, bf16 on many CPUs;
decant detect uses f32: compare with -infer_precision f32.

Examples:
  $ decant bench model.xml -hint latency -infer_precision f32
  $ decant bench model.xml -hint throughput -t 30 -nstreams 4
  $ decant bench model/ -shape [1,1080,1920,3] --per-op --report bench.html
  $ decant bench model.xml --json | jq .execution_results.throughput`,
    )
    .action(bench);

async function bench(model: string, options: BenchCommandOptions): Promise<void> {
  const { runBench } = await import('../bench/run-bench.ts');
  await runBench(model, options);
}
