import { Command, Option } from 'commander';
import type { Stages } from '../../convert.ts';
import { print } from '../console.ts';
import { convertOptions, type ModelOptions, withModelOptions } from '../model-options.ts';
import { readIrFile } from '../read-ir-file.ts';

const STAGES = ['model', 'closed', 'translated', 'graph', 'ir'] as const;

interface Options extends ModelOptions {
  readonly stage: (typeof STAGES)[number];
}

export const dumpCommand = (): Command =>
  withModelOptions(
    new Command('dump')
      .description('Print a model as it stands between two steps of the conversion.')
      .argument('<model>', 'a TensorFlow model or an OpenVINO IR (.xml)'),
  )
    .addOption(
      new Option('--stage <stage>', 'as read, closed, as OpenVINO ops, after the passes, or as the .xml')
        .choices(STAGES)
        .default('graph'),
    )
    .action(dump);

async function dump(path: string, options: Options): Promise<void> {
  const [{ isIr }, { printGraph }] = await Promise.all([import('../../platform/is-ir.ts'), import('../../ov/text.ts')]);
  if (await isIr(path)) {
    print(printGraph((await readIrFile(path)).graph).text.trimEnd());
    return;
  }
  const [{ convertModel }, { toIr }, { printTfGraph }] = await Promise.all([
    import('../../convert-model.ts'),
    import('../../convert.ts'),
    import('../../tf/text.ts'),
  ]);
  const { stages, rtInfo } = await convertModel(path, convertOptions(options));
  const text: Record<Options['stage'], (of: Stages) => string> = {
    model: of => printTfGraph(of.model.graph, of.model.functions),
    closed: of => printTfGraph(of.closed.graph, of.closed.functions),
    translated: of => printGraph(of.translated).text,
    graph: of => printGraph(of.graph).text,
    ir: of => toIr(of.graph, rtInfo).xml,
  };
  print(text[options.stage](stages).trimEnd());
}
