import { join } from 'node:path';
import { Command } from 'commander';
import { collectMoreOften } from '../collect-garbage.ts';
import { endStatus, logInfo, print, printJson, status } from '../console.ts';
import { convertEndOptions, type EndOptions, withEndOptions } from '../model-options.ts';
import { integerFrom } from '../parse-number.ts';
import { resolveWithProgress } from '../transfer.ts';

interface Options extends EndOptions {
  readonly ovms: string;
  readonly name?: string;
  readonly modelVersion?: number;
  readonly json?: boolean;
}

export const exportCommand = (): Command =>
  withEndOptions(
    new Command('export')
      .description('Write a model for other servers: OpenVINO Model Server, Kubernetes, KServe.')
      .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
      .requiredOption('--ovms <folder>', 'repository of OpenVINO Model Server: NAME/VERSION/model.xml, config.json')
      .option('--name <name>', "the model's name on the server (default: from the path)")
      .option('--model-version <n>', 'number of the version (default: a new one)', integerFrom(1))
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ decant export centernet.json --ovms /models
  $ docker run -v /models:/models -p 8000:8000 openvino/model_server --config_path /models/config.json --rest_port 8000
  $ decant detect http://localhost:8000/v2/models/centernet photo.jpg
  $ decant serve --models /models                           the same repository, served by decant`,
    )
    .action(exportModel);

async function exportModel(model: string, options: Options): Promise<void> {
  collectMoreOften();
  const [{ exportOvms }, { modelArgument }, { checkTargetFolder }] = await Promise.all([
    import('../../export/export-ovms.ts'),
    import('../../server/model-arguments.ts'),
    import('../../platform/check-target.ts'),
  ]);
  const { ovms: folder, name = modelArgument(model).name, modelVersion: version } = options;
  await checkTargetFolder(folder);
  const resolved = await resolveWithProgress(model, options);
  status(`exporting ${model}`);
  const files = await exportOvms(resolved, folder, { name, version, convert: convertEndOptions(options) });
  endStatus();
  if (options.json === true) {
    printJson({ name, folder, files });
    return;
  }
  for (const file of files) print(join(folder, file));
  logInfo(`serve it: decant serve --models ${folder}, or OpenVINO Model Server with --config_path`);
}
