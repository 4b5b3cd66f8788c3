import type { Detection } from '../../../detect/detection.ts';
import { isServedModel } from '../../../kserve/model-address.ts';
import { amount } from '../../amount.ts';
import { logDetail, logInfo, milliseconds, print, printable, printStyled, table } from '../../console.ts';
import { paint } from '../../terminal.ts';
import { formatDuration } from '../../format-duration.ts';
import type { DetectRun, PlanOutput } from '../detect-output.ts';
import type { DetectionRecord, VideoSummary } from '../events.ts';
import type { RegionCount } from '../../../track/region-counter.ts';
import { isResultsOnStdout } from '../result-format.ts';

export const printResults: PlanOutput = request => {
  if (isResultsOnStdout(request)) return undefined;
  const { threshold } = request.options;
  let isHinted = false;
  const hintOnce = (): void => {
    if (!isHinted && threshold > 0) logInfo(`  nothing scores ${threshold} or more: try a lower --threshold`);
    isHinted = true;
  };
  return run => ({
    start() {
      describeModel(run);
      const { finished, inputs } = run;
      if (finished.length > 0) logInfo(`${finished.length} of ${inputs.length} already done`);
    },
    result({ record, saved }) {
      // A video's frames are too many for tables.
      if (record.frame !== undefined) return;
      printImage(record, saved);
      if (record.detections.length === 0) hintOnce();
    },
    video({ input, summary }, saved) {
      printVideo(input.name, summary, saved);
    },
  });
};

/** To standard error: it is no result. */
function describeModel({ model, detector, requestedDevice }: DetectRun): void {
  const converted = detector.converted === undefined ? '' : `, converted in ${milliseconds(detector.converted)}`;
  const requested = requestedDevice === detector.device ? '' : ` (requested ${requestedDevice})`;
  logInfo(`model: ${model} (${detector.kind}${converted})`);
  logInfo(`  because ${printable(detector.reason)}`);
  if (!isServedModel(model)) describePorts(detector.compiled);
  for (const text of detector.notes) logInfo(`note: ${printable(text)}`);
  logInfo(`device: ${detector.device}${requested}`);
}

function describePorts({ inputs, outputs, version }: DetectRun['detector']['compiled']): void {
  for (const port of inputs) logInfo(`  input   ${port.toString()}`);
  for (const port of outputs) logInfo(`  output  ${port.toString()}`);
  logDetail(`  OpenVINO ${version}`);
}

function printImage(
  { file, page, width, height, tiles, detections, ms }: DetectionRecord,
  saved: readonly string[],
): void {
  const name = printable(page === undefined ? file : `${file} page ${page}`);
  const time = milliseconds(ms.prepare + ms.infer + ms.decode);
  const parts = tiles === undefined ? '' : tiles === 0 ? ' (no larger than a tile)' : ` and ${tiles} tiles`;
  print('');
  printStyled(
    `${paint(process.stdout, 'bold', name)}: ${width} x ${height}${parts}, ${detections.length} found in ${time}`,
  );
  if (detections.length > 0) {
    const [head, ...rows] = table([HEADINGS, ...detections.map(row)]).split('\n');
    printStyled([paint(process.stdout, 'dim', head!), ...rows].join('\n'));
  }
  logDetail(
    `  ${Object.entries(ms)
      .map(([step, time]: [string, number]) => `${step} ${milliseconds(time)}`)
      .join(', ')}`,
  );
  printSaved(saved);
}

const HEADINGS = ['label', 'score', 'xmin', 'ymin', 'xmax', 'ymax'];

function printVideo(name: string, summary: VideoSummary, saved: readonly string[]): void {
  const { frames, processed, objects, most, seconds, tracks } = summary;
  const some = processed === frames ? '' : ` (${processed} processed)`;
  print(
    `\n${printable(name)}: ${amount(frames, 'frame')}${some} in ${formatDuration(seconds)}, ${(frames / seconds).toFixed(1)} per second`,
  );
  const labels = [...most].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${printable(label)}`);
  print(objects === 0 ? '  nothing found' : `  ${objects} found; at most ${labels.join(', ')} in one frame`);
  if (tracks !== undefined) {
    print(`  ${tracks.objects} tracked`);
    for (const [region, count] of Object.entries(tracks.counts)) print(`  ${printable(countsText(region, count))}`);
  }
  printSaved(saved);
}

/** `door: in 3 person, 1 dog; out 1 person` */
function countsText(region: string, { in: entered, out }: RegionCount): string {
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([label, count]) => `${count} ${label}`)
      .join(', ') || 'none';
  return `${region}: in ${list(entered)}; out ${list(out)}`;
}

function printSaved([first, ...others]: readonly string[]): void {
  if (first !== undefined)
    logInfo(`saved ${printable(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`);
}

const row = ({ label, score, box }: Detection): readonly (string | number)[] => [
  label,
  score.toFixed(2),
  Math.round(box.xmin),
  Math.round(box.ymin),
  Math.round(box.xmax),
  Math.round(box.ymax),
];
