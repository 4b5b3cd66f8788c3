import { Command, Option } from 'commander';
import { freezeOption, withHead, withPostProcessing } from '../model-options.ts';
import { integerFrom, numberBetween } from '../parse-number.ts';
import type { QuantizeCommandOptions } from '../quantize/run-quantize.ts';

export const quantizeCommand = (): Command =>
  withPostProcessing(
    withHead(
      new Command('quantize')
        .description(
          'Quantize a model to 8-bit integers (int8): a quarter of the size, and faster on CPUs with VNNI or AMX.',
        )
        .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
        .requiredOption(
          '--images <path...>',
          'typical images for calibration: files, folders, patterns or URLs; or arrays: .npy, .npz',
        )
        .option(
          '-o, --output_model <path>',
          'path of the .xml, or a folder for NAME-int8.xml (default: the current folder)',
        )
        .addOption(
          new Option('--preset <name>', 'mixed: zero points where they help accuracy; performance: none')
            .choices(['mixed', 'performance'])
            .default('mixed'),
        )
        .option('--subset <n>', 'number of images to use, spread evenly over all', integerFrom(1), 300)
        .addOption(
          new Option(
            '--estimator <name>',
            'how activation ranges are chosen: mean or overall extremes, percentiles, least error',
          )
            .choices(['mean', 'extremes', 'percentile', 'mse'])
            .default('mean'),
        )
        .option('--keep <name...>', 'layers to keep in f32: parts of their names, with * for any text')
        .option(
          '--max-drop <n>',
          'largest drop of mAP, 0 to 1: the most sensitive layers of a detector go back to f32',
          numberBetween(0, 1),
        )
        .option('--annotations <file>', 'COCO annotations of the images: the ground truth for --max-drop')
        .option('--report <file>', 'write an HTML report: how much each layer changes, and whether it is in int8')
        .option('--no-bias-correction', 'do not correct biases for shifted means')
        .option('--device <name>', 'device to run the f32 model on: CPU, GPU', 'CPU')
        .option(
          '--input-shape <shape>',
          'set the input shape: [1,512,512,3], or name[1,512,512,3] for one of several inputs',
        )
        .option('--signature <key>', 'SavedModel signature to convert')
        .addOption(freezeOption())
        .option('--offline', 'download nothing; use cached models only')
        .option('--json', 'print the summary as JSON'),
    ),
  )
    .addHelpText(
      'after',
      `
The images need no annotations; 100 to 300 are enough. They are prepared as by
decant detect, and the model runs on them in f32 to find the ranges of its
activations. The same images give the same files. Boxes, scores and everything
else after the last layers with weights stay f32.

Examples:
  $ decant quantize centernet.json --images photos/
  $ decant quantize ssd.xml --images "street/*.jpg" -o out/ssd-int8.xml
  $ decant quantize ssd.xml --images photos/ --keep BoxPredictor --json | jq .kept`,
    )
    .action(quantize);

async function quantize(model: string, options: QuantizeCommandOptions): Promise<void> {
  const { runQuantize } = await import('../quantize/run-quantize.ts');
  await runQuantize(model, options);
}
