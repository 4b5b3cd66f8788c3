import { Command, InvalidArgumentError } from 'commander';
import type { OutputReport } from '../../verify/compare-outputs.ts';
import { TOLERANCES } from '../../verify/tolerances.ts';
import type { CaseReport, Verification } from '../../verify/verify-model.ts';
import { endStatus, milliseconds, print, printJson, status, table } from '../console.ts';
import { resolveWithProgress } from '../transfer.ts';

interface Options {
  readonly against?: string;
  readonly device: string;
  readonly inputShape?: string;
  readonly signature?: string;
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
  new Command('verify')
    .description("Compare decant's answers with those of OpenVINO's own TensorFlow frontend, or with stored ones.")
    .argument('<model>', 'a TensorFlow model, its name or URL; with --against also an OpenVINO IR (.xml)')
    .argument('[image...]', 'pictures to feed; generated ones of 255x255 and 480x640 by default')
    .option('--against <file>', 'stored inputs and answers (.npz) to compare with')
    .option('--device <name>', 'where to run both: CPU, GPU, NPU', 'CPU')
    .option('--input-shape <shape>', "fix the input's sizes: [1,512,512,3], or name[1,512,512,3] of several inputs")
    .option('--signature <key>', "the SavedModel's signature to convert")
    .option('--score <n>', 'scores of a matched detection differ by less', toShare, TOLERANCES.score)
    .option('--iou <n>', 'its boxes share more of their area ...', toShare, TOLERANCES.overlap)
    .option('--edge <n>', '... or have edges nearer than this share of the picture', toShare, TOLERANCES.edge)
    .option('--matched <n>', 'the share of the detections that must be matched', toShare, TOLERANCES.matched)
    .option('--difference <n>', 'other numbers differ by no more of their range', toShare, TOLERANCES.difference)
    .option('--runs <n>', 'how often each inference is timed', toCount, 5)
    .option('--offline', 'download nothing: take a model that is named from the cache')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
Both models run on the same OpenVINO, in f32 and with weights of 32 bits. Two detections match when
they have the same class, their scores differ by less than --score, and their boxes overlap by more
than --iou or have all edges within --edge; one matches one. The answers match when all detections
do (or the share --matched of them), and every other output is within --difference of its range.
Rows of detections, and of the candidates of two-stage detectors, may stand in another order.

The exit code is 0 where the answers match, and 1 where they do not.

Examples:
  $ decant verify ssd_mobilenet_v2/saved_model
  $ decant verify faster_rcnn.tar.gz street.jpg --json
  $ decant verify model.json --against answers.npz      TensorFlow.js models need stored answers`,
    )
    .action(verify);

function toShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) throw new InvalidArgumentError('It lies between 0 and 1.');
  return share;
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 to 9999.');
  return Number(text);
}

async function verify(named: string, pictures: readonly string[], options: Options): Promise<void> {
  const model = await resolveWithProgress(named, options);
  const { verifyModel } = await import('../../verify/verify-model.ts');
  const { against, device, runs, score, iou, edge, matched, difference, inputShape, signature } = options;
  const verification = await verifyModel(model, {
    pictures,
    against,
    device,
    runs,
    tolerances: { score, overlap: iou, edge, matched, difference },
    convert: {
      ...(inputShape === undefined ? {} : { inputShapes: inputShape }),
      ...(signature === undefined ? {} : { signature }),
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
  const row = (what: string, ours: string | number, theirs?: string | number): readonly string[] =>
    [what, ours, theirs ?? []].flat().map(String);
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
  print(verification.matches ? '\nthe answers match' : '\nTHE ANSWERS DO NOT MATCH');
}

function printCase({ name, detections, outputs }: CaseReport): void {
  print(`\n${name}`);
  if (detections !== undefined) {
    const { matched, expected, found, matches } = detections;
    const others = found === expected ? '' : `, ${found} found`;
    print(`  ${matched} of ${expected} detections matched${others}${matches ? '' : '  MISMATCH'}`);
  }
  print(table([['output', 'difference', 'of its range', 'compared by', ''], ...outputs.map(outputRow)]));
}

const outputRow = ({ name, by, difference, share, matches, problem }: OutputReport): readonly string[] => [
  name,
  ...(problem === undefined ? [brief(difference), brief(share), by] : ['', '', problem]),
  matches ? '' : 'MISMATCH',
];

const brief = (number: number): string => (number === 0 ? '0' : number.toPrecision(2));
