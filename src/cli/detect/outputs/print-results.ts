import type { Detection } from '../../../detect/detection.ts';
import { isServedModel } from '../../../kserve/model-address.ts';
import { logInfo, milliseconds, print, printable, table } from '../../console.ts';
import { formatDuration } from '../../format-duration.ts';
import type { DetectRun, PlanOutput } from '../detect-output.ts';
import type { DetectionRecord, VideoSummary } from '../events.ts';
import type { RegionCount } from '../../../track/region-counter.ts';
import { isResultsOnStdout } from '../result-format.ts';

export const printResults: PlanOutput = request => {
  if (isResultsOnStdout(request)) return undefined;
  return run => ({
    start() {
      printModel(run);
      const { finished, inputs } = run;
      if (finished.length > 0) logInfo(`${finished.length} of ${inputs.length} already done`);
    },
    result({ record, saved }) {
      // A video's frames are too many for tables.
      if (record.frame === undefined) printImage(record, saved);
    },
    video({ input, summary }, saved) {
      printVideo(input.name, summary, saved);
    },
  });
};

function printModel({ model, detector, requestedDevice }: DetectRun): void {
  const converted = detector.converted === undefined ? '' : `, converted in ${milliseconds(detector.converted)}`;
  const requested = requestedDevice === detector.device ? '' : ` (requested ${requestedDevice})`;
  print(`model: ${model} (${detector.kind}${converted})`);
  print(`  because ${printable(detector.reason)}`);
  if (!isServedModel(model)) {
    const { inputs, outputs } = detector.compiled;
    for (const port of inputs) print(`  input   ${port.toString()}`);
    for (const port of outputs) print(`  output  ${port.toString()}`);
  }
  for (const text of detector.notes) print(`note: ${printable(text)}`);
  print(`device: ${detector.device}${requested}`);
}

function printImage({ file, page, width, height, detections, ms }: DetectionRecord, saved: readonly string[]): void {
  const name = printable(page === undefined ? file : `${file} page ${page}`);
  const time = milliseconds(ms.prepare + ms.infer + ms.decode);
  print(`\n${name}: ${width} x ${height}, ${detections.length} found in ${time}`);
  if (detections.length > 0) print(table([['label', 'score', 'xmin', 'ymin', 'xmax', 'ymax'], ...detections.map(row)]));
  printSaved(saved);
}

function printVideo(name: string, summary: VideoSummary, saved: readonly string[]): void {
  const { frames, processed, objects, most, seconds, tracks } = summary;
  const some = processed === frames ? '' : ` (${processed} processed)`;
  print(
    `\n${printable(name)}: ${frames} frames${some} in ${formatDuration(seconds)}, ${(frames / seconds).toFixed(1)} per second`,
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
