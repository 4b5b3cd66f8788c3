import { DecantError } from '../../../errors.ts';
import { AtomicFile } from '../../../platform/atomic-file.ts';
import { DetectionReport } from '../../../report/detection-report.ts';
import { isLive } from '../../../video/video-source.ts';
import { logInfo } from '../../console.ts';
import { modelFacts } from '../../report-facts.ts';
import type { PlanOutput } from '../detect-output.ts';
import { isInReport } from './report-sampling.ts';

export const writeReport: PlanOutput = ({ model, inputs, options }) => {
  const { report: path, threshold, every = 1, resume = false } = options;
  if (path === undefined) return undefined;
  const live = inputs.find(({ kind, name }) => kind === 'video' && isLive(name));
  if (live !== undefined) {
    throw new DecantError(
      'invalid-argument',
      `a report covers whole inputs, but the length of ${live.name} is unknown`,
      {
        remedy: 'Record a video first, and make a report of that.',
      },
    );
  }
  if (resume) {
    throw new DecantError('invalid-argument', '--report covers all images, and --resume skips finished ones', {
      remedy: 'Use one or the other.',
    });
  }
  return async ({ detector, labels }) => {
    const file = await AtomicFile.create(path);
    const { device, notes } = detector;
    const report = new DetectionReport({
      title: 'Detected objects',
      facts: modelFacts(model, detector),
      threshold,
      context: { model, device, threshold, notes, labels },
    });
    return {
      result: ({ record, frames }) => {
        const isShown = record.frame === undefined || isInReport(record.frame - 1, frames, every);
        return report.add(record, isShown ? record.image : undefined);
      },
      async finish() {
        await file.write(report.html());
        await file.finish();
        logInfo(`saved ${path}`);
      },
    };
  };
};
