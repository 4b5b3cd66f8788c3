import { Command, Option } from 'commander';
import type { OutputLayout } from '../../output-layout/arrange-outputs.ts';
import { collectMoreOften } from '../collect-garbage.ts';
import { endStatus, print, printJson, status } from '../console.ts';
import { convertEndOptions, labelsReader, type EndOptions, withEndOptions } from '../model-options.ts';
import { resolveWithProgress } from '../transfer.ts';
import { verbosity } from '../verbosity.ts';

interface Options extends EndOptions {
  readonly output_model?: string;
  readonly labels?: string;
  readonly layout?: OutputLayout;
  readonly nms?: boolean;
  readonly json?: boolean;
}

export const convertCommand = (): Command =>
  withEndOptions(
    new Command('convert')
      .description('Convert a TensorFlow model to an OpenVINO IR (.xml and .bin).')
      .argument(
        '<model>',
        'a SavedModel, frozen graph, TensorFlow.js graph model, or an archive of one; a path, name or URL',
      )
      .option('-o, --output_model <path>', 'path of the .xml, or a folder for NAME.xml (default: the current folder)')
      .option(
        '--labels <file>',
        'class names to store in the IR: one per line, CSV, a label map, JSON, COCO annotations, or YAML with names',
      )
      .addOption(
        new Option('--layout <name>', 'ssd7: a single output [1,1,N,7] for Model API, Frigate and DL Streamer').choices(
          ['ssd7'],
        ),
      )
      .option('--verbose', 'print each conversion step, its time and its changes, and the op counts before and after')
      .option('--json', 'print the summary as JSON, including everything --verbose prints'),
  )
    .option('--nms', 'add non-maximum suppression to a YOLO that returns all candidates')
    .addHelpText(
      'after',
      `
Examples:
  $ decant convert centernet/model.json
  $ decant convert frozen_inference_graph.pb -o out/ssd.xml --input-shape [1,300,300,3]
  $ decant convert model.pb --input "image[1,640,640,3]{u8}" --output boxes,scores
  $ decant convert saved_model/ --batch 4
  $ decant convert model.json --layout ssd7 --labels names.txt   for Model API, Frigate, DL Streamer
  $ decant convert model.json --verbose                    the steps and their times`,
    )
    .action(convert);

async function convert(model: string, options: Options): Promise<void> {
  collectMoreOften();
  const [{ irPath }, { convertResolvedModel }, { saveModel }, { printConversion, summarize }] = await Promise.all([
    import('../ir-path.ts'),
    import('../../api/convert-model.ts'),
    import('../../api/save-model.ts'),
    import('../conversion-summary.ts'),
  ]);
  const start = performance.now();
  const pathOf = await irPath(options.output_model);
  const labels = await labelsReader(options.labels);
  const resolved = await resolveWithProgress(model, options);
  status(`converting ${model}`);
  const converted = await convertResolvedModel(resolved, {
    ...convertEndOptions(options),
    labels,
    layout: options.layout,
    nms: options.nms,
  });
  const ready = performance.now();
  const saved = await saveModel(converted, await pathOf(converted.name, converted.path));
  endStatus();
  const end = performance.now();
  const summary = summarize(model, converted, saved, { write: end - ready, ms: end - start });
  if (options.json === true) printJson(summary);
  else if (verbosity() === 'quiet') print(summary.xml);
  else await printConversion(summary, verbosity() === 'verbose');
}
