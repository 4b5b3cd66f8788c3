import { Command } from 'commander';
import { endStatus, fileSize, milliseconds, print, printJson, status } from '../console.ts';
import { convertEndOptions, labelsFrom, type EndOptions, withEndOptions, withModelOptions } from '../model-options.ts';
import { modelAt } from '../transfer.ts';

interface Options extends EndOptions {
  readonly output_model?: string;
  readonly labels?: string;
  readonly json?: boolean;
}

export const convertCommand = (): Command =>
  withEndOptions(
    withModelOptions(
      new Command('convert')
        .description('Convert a TensorFlow model to an OpenVINO IR (.xml and .bin).')
        .argument('<model>', 'a TF.js graph-model, a frozen graph, an archive of one, or the name or URL of one')
        .option('-o, --output_model <path>', 'the .xml to write (default: NAME.xml in this folder)'),
    ),
  )
    .option('--labels <file>', 'the names of the classes, for the IR to carry')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ decant convert centernet/model.json
  $ decant convert frozen_inference_graph.pb -o out/ssd.xml --input-shape [1,300,300,3]
  $ decant convert model.pb --input "image[1,640,640,3]{u8}" --output boxes,scores
  $ decant convert saved_model/ --batch 4`,
    )
    .action(convert);

async function convert(model: string, options: Options): Promise<void> {
  const [{ convertModel }, { saveModel }, { countNodes }] = await Promise.all([
    import('../../convert-model.ts'),
    import('../../save-model.ts'),
    import('../../ov/graph.ts'),
  ]);
  const start = performance.now();
  const path = await modelAt(model, options);
  status(`converting ${model}`);
  const converted = await convertModel(path, convertEndOptions(options, await labelsFrom(options.labels)));
  const saved = await saveModel(converted, options.output_model ?? `${converted.name}.xml`);
  endStatus();
  const { stages } = converted;
  const summary = {
    model,
    format: stages.model.format,
    ...saved,
    ...(stages.notes.length > 0 && { notes: stages.notes }),
    ops: { tensorflow: stages.closed.graph.size, openvino: countNodes(stages.graph) },
    ms: Math.round(performance.now() - start),
  };
  if (options.json === true) {
    printJson(summary);
    return;
  }
  const { ops } = summary;
  print(`${saved.xml}  ${fileSize(saved.xmlBytes)}`);
  print(`${saved.bin}  ${fileSize(saved.binBytes)}`);
  print(`${ops.tensorflow} TensorFlow ops became ${ops.openvino} of OpenVINO in ${milliseconds(summary.ms)}`);
  for (const text of stages.notes) print(`note: ${text}`);
}
