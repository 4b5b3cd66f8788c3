import type { Detection } from '../../detect/detection.ts';
import type { Detector } from '../../api/detector.ts';
import type { ResultRecord } from '../../results/result-writer.ts';
import { milliseconds, logInfo, print, table } from '../console.ts';
import { formatDuration } from '../format-duration.ts';
import type { VideoSummary } from './events.ts';

/** What runs, for people. `asked` is the device that they named. */
export function printModel(model: string, detector: Detector, asked: string): void {
  const { inputs, outputs } = detector.compiled;
  const converted = detector.converted === undefined ? '' : `, converted in ${milliseconds(detector.converted)}`;
  print(`model: ${model} (${detector.kind}${converted})`);
  for (const port of inputs) print(`  input   ${port.toString()}`);
  for (const port of outputs) print(`  output  ${port.toString()}`);
  for (const text of detector.notes) print(`note: ${text}`);
  print(`device: ${detector.device}${asked === detector.device ? '' : ` (asked for ${asked})`}`);
}

/** What was found in a picture, for people, and which files were written about it. */
export function printResult(record: ResultRecord, saved: readonly string[]): void {
  const { file, page, width, height, detections, ms } = record;
  const { prepare = 0, infer = 0, decode = 0 }: Readonly<Record<string, number>> = { ...ms };
  const name = page === undefined ? file : `${file} page ${page}`;
  print(`\n${name}: ${width} x ${height}, ${detections.length} found in ${milliseconds(prepare + infer + decode)}`);
  if (detections.length > 0) print(table([['label', 'score', 'xmin', 'ymin', 'xmax', 'ymax'], ...detections.map(row)]));
  printSaved(saved);
}

/** What was found in a video, for people: its frames are too many for tables. */
export function printVideo(name: string, summary: VideoSummary, saved: readonly string[]): void {
  const { frames, looked, objects, most, seconds } = summary;
  const some = looked === frames ? '' : `, ${looked} of them looked at,`;
  print(`\n${name}: ${frames} frames${some} in ${formatDuration(seconds)}, ${(frames / seconds).toFixed(1)} a second`);
  const labels = [...most].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label}`);
  print(objects === 0 ? '  nothing found' : `  ${objects} found; at once at most ${labels.join(', ')}`);
  printSaved(saved);
}

function printSaved([first, ...others]: readonly string[]): void {
  if (first !== undefined) logInfo(`saved ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`);
}

const row = ({ label, score, box }: Detection): readonly (string | number)[] => [
  label,
  score.toFixed(2),
  Math.round(box.xmin),
  Math.round(box.ymin),
  Math.round(box.xmax),
  Math.round(box.ymax),
];
