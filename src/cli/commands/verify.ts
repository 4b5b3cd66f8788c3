import type { HeadChoice } from '../../detect/heads/find-head.ts';
import { Command } from 'commander';
import type { OutputReport } from '../../verify/compare-outputs.ts';
import { TOLERANCES } from '../../verify/tolerances.ts';
import type { CaseReport, Verification } from '../../verify/verify-model.ts';
import { endStatus, milliseconds, print, printJson, status, table } from '../console.ts';
import { freezeOption, withHead } from '../model-options.ts';
import { refuseIdle } from '../refuse-idle.ts';
import { integerBetween, numberBetween } from '../parse-number.ts';
import { resolveWithProgress } from '../transfer.ts';

interface Options {
  readonly against?: string;
  readonly device: string;
  readonly inputShape?: string;
  readonly signature?: string;
  readonly freeze?: string;
  readonly head?: HeadChoice;
  readonly score: number;
  readonly iou: number;
  readonly edge: number;
  readonly matched: number;
  readonly difference: number;
  readonly runs: number;
  readonly offline?: boolean;
  readonly json?: boolean;
}

export const verifyCommand = (): Command =>
  withHead(
    new Command('verify')
      .description(
        "Compare the converted model's outputs with those of OpenVINO's own TensorFlow frontend, or with stored ones.",
      )
      .argument('<model>', 'a TensorFlow model (path, name or URL); with --against also an OpenVINO IR (.xml)')
      .argument('[image...]', 'images to run; generated ones of 255x255 and 480x640 by default')
      .option('--against <file>', 'stored inputs and outputs (.npz) to compare with')
      .option('--device <name>', 'device for both models: CPU, GPU, NPU', 'CPU')
      .option(
        '--input-shape <shape>',
        'set the input shape: [1,512,512,3], or name[1,512,512,3] for one of several inputs',
      )
      .option('--signature <key>', 'SavedModel signature to convert')
      .addOption(freezeOption())
      .option('--score <n>', 'maximum score difference of matched detections', toFraction, TOLERANCES.score)
      .option('--iou <n>', 'minimum IoU of their boxes ...', toFraction, TOLERANCES.overlap)
      .option(
        '--edge <n>',
        '... or maximum distance of all edges, as a fraction of the image',
        toFraction,
        TOLERANCES.edge,
      )
      .option('--matched <n>', 'minimum fraction of matched detections', toFraction, TOLERANCES.matched)
      .option(
        '--difference <n>',
        'maximum difference of other numbers, as a fraction of their range',
        toFraction,
        TOLERANCES.difference,
      )
      .option('--runs <n>', 'number of timed inferences', integerBetween(1, 9999), 5)
      .option('--offline', 'download nothing; use cached models only')
      .option('--json', 'print the report as JSON'),
  )
    .addHelpText(
      'after',
      `
Both models run on the same OpenVINO, in f32 and with f32 weights. Two
detections match if they have the same class, their scores differ by less than
--score, and their boxes overlap by more than --iou or have all edges within
--edge. The outputs match if all detections do (or the fraction --matched of
them), and every other output is within --difference of its range. The rows of
detections, and of the candidates of two-stage detectors, may be in a different
order.

The exit code is 0 if the outputs match, and 1 if they do not.

Examples:
  $ decant verify ssd_mobilenet_v2/saved_model
  $ decant verify faster_rcnn.tar.gz street.jpg --json
  $ decant verify model.json --against answers.npz      TensorFlow.js models need stored outputs`,
    )
    .action(verify);

const toFraction = numberBetween(0, 1);

async function verify(named: string, images: readonly string[], options: Options): Promise<void> {
  const { checkImageFile } = await import('../check-inputs.ts');
  for (const image of images) await checkImageFile(image);
  const model = await resolveWithProgress(named, options);
  if (model.kind === 'ir') {
    const given = { '--input-shape': options.inputShape, '--signature': options.signature, '--freeze': options.freeze };
    refuseIdle(given, 'with an IR, which is converted already');
  }
  const { verifyModel } = await import('../../verify/verify-model.ts');
  const { against, device, runs, score, iou, edge, matched, difference, inputShape, signature, freeze, head } = options;
  const verification = await verifyModel(model, {
    images,
    against,
    device,
    runs,
    tolerances: { score, overlap: iou, edge, matched, difference },
    convert: {
      ...(inputShape === undefined ? {} : { inputShapes: inputShape }),
      ...(signature === undefined ? {} : { signature }),
      ...(freeze === undefined ? {} : { freeze }),
      ...(head === undefined ? {} : { head }),
    },
    onStep: status,
  });
  endStatus();
  if (options.json === true) printJson(verification);
  else printReport(verification);
  if (!verification.matches) process.exitCode = 1;
}

function printReport(verification: Verification): void {
  const { model, reference, openvino, device, cases, decant, frontend, speedup } = verification;
  print(`${model} against ${reference}`);
  print(`OpenVINO ${openvino}, ${device}, f32`);
  for (const one of cases) printCase(one);
  print('');
  const row = (label: string, ours: string | number, theirs?: string | number): readonly string[] =>
    [label, ours, theirs ?? []].flat().map(String);
  print(
    table([
      row('', 'decant', frontend && 'frontend'),
      row('operations executed', decant.nodes, frontend?.nodes),
      row('time to compile', milliseconds(decant.compileMs), frontend && milliseconds(frontend.compileMs)),
      ...cases.map(({ name, ms }) =>
        row(`inference, ${name}`, milliseconds(ms.decant), ms.reference && milliseconds(ms.reference)),
      ),
    ]),
  );
  if (speedup !== undefined) print(`  decant's model is ${speedup.toPrecision(2)} times as fast`);
  print(verification.matches ? '\nthe outputs match' : '\nTHE OUTPUTS DO NOT MATCH');
  if (!verification.matches && frontend !== undefined) {
    print("OpenVINO's frontend is not exact, either: --against FILE.npz compares with TensorFlow's own outputs,");
    print('and --difference N allows larger differences.');
  }
}

function printCase({ name, detections, outputs, notCompared }: CaseReport): void {
  print(`\n${name}`);
  if (detections !== undefined) {
    const { matched, expected, found, matches } = detections;
    const others = found === expected ? '' : `, ${found} found`;
    print(`  ${matched} of ${expected} detections matched${others}${matches ? '' : '  MISMATCH'}`);
  }
  print(table([['output', 'difference', 'of its range', 'compared by', ''], ...outputs.map(outputRow)]));
  if (notCompared.length > 0) print(`  not compared, because the reference leaves them out: ${notCompared.join(', ')}`);
}

const outputRow = ({ name, by, difference, share, matches, problem }: OutputReport): readonly string[] => [
  name,
  ...(problem === undefined ? [brief(difference), brief(share), by] : ['', '', problem]),
  matches ? '' : 'MISMATCH',
];

const brief = (number: number): string => (number === 0 ? '0' : number.toPrecision(2));
