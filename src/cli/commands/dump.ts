import { Command } from 'commander';
import type { ResolvedModel } from '../../api/resolve-model.ts';
import type { ConversionValues, Step } from '../../convert.ts';
import { DecantError } from '../../errors.ts';
import { print } from '../console.ts';
import { convertEndOptions, type EndOptions, rejectIrOptions, withEndOptions } from '../model-options.ts';
import { resolveWithProgress } from '../transfer.ts';

interface Options extends EndOptions {
  readonly stage: string;
}

export const dumpCommand = (): Command =>
  withEndOptions(
    new Command('dump')
      .description('Print a model at a stage of the conversion.')
      .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
      .option('--stage <stage>', 'model, prepared, translated, graph, ir, or any step of convert --verbose', 'graph'),
  )
    .addHelpText(
      'after',
      `
Stages: model (as read), prepared (the inference graph), translated (OpenVINO
ops), graph (after all steps), ir (the .xml), or after a step: inline-calls,
select-io, simplify, sink-transposes, ... If a step runs several times, NAME is
its last run, and NAME:1 its first.

Examples:
  $ decant dump model.json
  $ decant dump saved_model/ --stage prepared
  $ diff <(decant dump model.json --stage simplify:1) <(decant dump model.json --stage simplify:2)`,
    )
    .action(dump);

async function dump(model: string, options: Options): Promise<void> {
  const [{ toConvertOptions }, { conversionSteps }, { stepsUntil }] = await Promise.all([
    import('../../api/convert-source.ts'),
    import('../../convert.ts'),
    import('../steps-until.ts'),
  ]);
  const steps = stepsUntil(options.stage, await conversionSteps(await toConvertOptions(convertEndOptions(options))));
  const resolved = await resolveWithProgress(model, options);
  const text =
    resolved.kind === 'ir' ? await dumpIr(resolved.path, options) : await dumpModel(resolved, options, steps);
  print(text.trimEnd());
}

async function dumpIr(path: string, options: Options): Promise<string> {
  const { stage } = options;
  await rejectIrOptions(path, options);
  if (stage !== 'graph') {
    throw new DecantError('invalid-argument', `'${path}' is already an IR, which has no stage '${stage}'`, {
      remedy: 'Leave --stage out.',
    });
  }
  const [{ readIrFile }, { printGraph }] = await Promise.all([
    import('../../api/read-ir-file.ts'),
    import('../../ov/print-graph.ts'),
  ]);
  return printGraph((await readIrFile(path)).graph).text;
}

async function dumpModel(model: ResolvedModel, options: Options, steps: readonly Step[]): Promise<string> {
  const [{ convertResolvedModel }, { runSteps, toIr }, { openSource }] = await Promise.all([
    import('../../api/convert-model.ts'),
    import('../../convert.ts'),
    import('../../platform/open-source.ts'),
  ]);
  if (options.stage === 'ir') {
    const { conversion, rtInfo } = await convertResolvedModel(model, convertEndOptions(options));
    return toIr(conversion.graph, rtInfo).xml;
  }
  return printValues(await runSteps(steps, { source: await openSource(model.path) }));
}

async function printValues({ model, prepared, graph }: ConversionValues): Promise<string> {
  const [{ printInferenceGraph, printTfModel }, { printGraph }] = await Promise.all([
    import('../../tf/print-model.ts'),
    import('../../ov/print-graph.ts'),
  ]);
  if (graph !== undefined) return printGraph(graph).text;
  return prepared === undefined ? printTfModel(model!) : printInferenceGraph(prepared);
}
