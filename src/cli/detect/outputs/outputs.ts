import type { DetectOutput, DetectRequest, DetectRun, OpenOutput, PlanOutput } from '../detect-output.ts';
import { cropObjects } from './crop-objects.ts';
import { logResults } from './log-results.ts';
import { printResults } from './print-results.ts';
import { saveImages } from './save-images.ts';
import { saveVideo } from './save-video.ts';
import { showProgress } from './show-progress.ts';
import { writeReport } from './write-report.ts';
import { writeResults } from './write-results.ts';

/**
 * In the order in which they receive results: those that write files, what is printed, and last the log, which must not
 * list an image that another output failed to write.
 */
const OUTPUTS: readonly PlanOutput[] = [
  saveImages,
  cropObjects,
  saveVideo,
  writeReport,
  writeResults,
  printResults,
  showProgress,
  logResults,
];

export async function planOutputs(request: DetectRequest): Promise<readonly OpenOutput[]> {
  const planned: OpenOutput[] = [];
  for (const plan of OUTPUTS) {
    const open = await plan(request);
    if (open !== undefined) planned.push(open);
  }
  return planned;
}

export async function openOutputs(planned: readonly OpenOutput[], run: DetectRun): Promise<readonly DetectOutput[]> {
  const outputs: DetectOutput[] = [];
  for (const open of planned) outputs.push(await open(run));
  return outputs;
}
