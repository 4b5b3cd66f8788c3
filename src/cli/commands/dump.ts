import { Command, Option } from 'commander';
import type { ResolvedModel } from '../../api/resolve-model.ts';
import type { ConversionResult } from '../../convert.ts';
import { DecantError } from '../../errors.ts';
import { print } from '../console.ts';
import { convertEndOptions, type EndOptions, withEndOptions, withModelOptions } from '../model-options.ts';
import { resolveWithProgress } from '../transfer.ts';

const STAGES = ['model', 'closed', 'translated', 'graph', 'ir'] as const;

interface Options extends EndOptions {
  readonly stage: (typeof STAGES)[number];
}

export const dumpCommand = (): Command =>
  withEndOptions(
    withModelOptions(
      new Command('dump')
        .description('Print a model as it stands between two steps of the conversion.')
        .argument('<model>', 'a TensorFlow model or an OpenVINO IR (.xml), or the name or URL of one'),
    ),
  )
    .addOption(
      new Option('--stage <stage>', 'as read, closed, as OpenVINO ops, after the passes, or as the .xml')
        .choices(STAGES)
        .default('graph'),
    )
    .action(dump);

async function dump(model: string, options: Options): Promise<void> {
  const resolved = await resolveWithProgress(model, options);
  const text = resolved.kind === 'ir' ? await dumpIr(resolved.path, options) : await dumpModel(resolved, options);
  print(text.trimEnd());
}

async function dumpIr(path: string, { stage }: Options): Promise<string> {
  if (stage !== 'graph') {
    throw new DecantError('invalid-argument', `'${path}' is an IR already, and its stage '${stage}' is not in it`, {
      remedy: 'Leave --stage out.',
    });
  }
  const [{ readIrFile }, { printGraph }] = await Promise.all([
    import('../read-ir-file.ts'),
    import('../../ov/print-graph.ts'),
  ]);
  return printGraph((await readIrFile(path)).graph).text;
}

async function dumpModel(model: ResolvedModel, options: Options): Promise<string> {
  const [{ convertResolvedModel }, { toIr }, { printInferenceGraph, printTfModel }, { printGraph }] = await Promise.all(
    [
      import('../../api/convert-model.ts'),
      import('../../convert.ts'),
      import('../../tf/print-model.ts'),
      import('../../ov/print-graph.ts'),
    ],
  );
  const { conversion: stages, rtInfo } = await convertResolvedModel(model, convertEndOptions(options));
  const text: Record<Options['stage'], (of: ConversionResult) => string> = {
    model: of => printTfModel(of.model),
    closed: of => printInferenceGraph(of.prepared),
    translated: of => printGraph(of.translated).text,
    graph: of => printGraph(of.graph).text,
    ir: of => toIr(of.graph, rtInfo).xml,
  };
  return text[options.stage](stages);
}
