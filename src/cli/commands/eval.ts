import { Command, Option } from 'commander';
import type { EvalCommandOptions } from '../eval/run-eval.ts';
import { precisionOption, withModelOptions } from '../model-options.ts';
import { givenOptions, refuseIdle } from '../refuse-idle.ts';
import { numberBetween } from '../parse-number.ts';

export const evalCommand = (): Command =>
  withModelOptions(
    new Command('eval')
      .description("Measure a detector's accuracy: COCO average precision and recall (mAP, AR) on annotated images.")
      .argument('[model]', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL')
      .argument('[images]', 'folder that the paths in the annotations are relative to')
      .requiredOption('--annotations <file>', 'COCO annotations, such as instances_val2017.json')
      .addOption(new Option('--iou-type <type>', 'compare boxes or masks').choices(['bbox', 'segm']).default('bbox'))
      .option('--results <file>', 'evaluate a COCO results file instead of a model')
      .option('--device <name>', 'device to run on: CPU, GPU, NPU, AUTO', 'AUTO')
      .addOption(precisionOption())
      .option(
        '--labels <file>',
        'class names: one per line, CSV, a label map, JSON, COCO annotations, or YAML with names',
      )
      .option(
        '--threshold <score>',
        'lowest score that counts, 0 to 1; more than 0 lowers the metrics',
        numberBetween(0, 1),
        0,
      )
      .option('--skip-missing', 'leave out annotated images whose files are missing')
      .option('--save <file>', 'write detections as a COCO results file (.json)')
      .option('--report <file>', 'write an HTML report: the metrics, and precision over recall')
      .option('--json', 'print one JSON object')
      .optionsGroup('Model:'),
  )
    .addHelpText(
      'after',
      `
The metrics equal those of pycocotools. Classes are matched by name; an
annotated class that the model does not know counts as 0. Only the best 100
detections per image count.

Examples:
  $ decant eval model.xml val2017/ --annotations instances_val2017.json
  $ decant eval model.json photos/ --annotations photos.json --save results.json
  $ decant eval mask_rcnn.xml val2017/ --annotations instances_val2017.json --iou-type segm
  $ decant eval --results results.json --annotations photos.json --json | jq .stats.AP50`,
    )
    .action(evaluate);

/** Options that concern the comparison. `--save` has an error of its own. */
const WITH_RESULTS = new Set([
  '--results',
  '--annotations',
  '--iou-type',
  '--report',
  '--save',
  '--json',
  '--debug',
  '--quiet',
  '--verbose',
]);

async function evaluate(
  model: string | undefined,
  images: string | undefined,
  options: EvalCommandOptions,
  command: Command,
): Promise<void> {
  if (options.results !== undefined) {
    const idle = givenOptions(command, flag => !WITH_RESULTS.has(flag));
    refuseIdle(idle, 'with --results, which names detections of an earlier run');
  }
  const { runEval } = await import('../eval/run-eval.ts');
  await runEval(model, images, options);
}
