import type { Detector } from '../api/detector.ts';
import type { Fact } from '../report/page.ts';
import type { DetectionRecord } from './detect/events.ts';
import { VERSION } from '../version.ts';

/** A report about pictures, in the making. */
export interface ReportOutput {
  /** One that is not shown is in the numbers alone. */
  add(record: DetectionRecord, shown: boolean): Promise<void>;
  /** Writes it. @throws DecantError `io` */
  finish(): Promise<void>;
}

/** @throws DecantError `io` for a path that cannot be written, before the work is done for it */
export async function openReport(
  path: string,
  model: string,
  detector: Detector,
  threshold: number,
): Promise<ReportOutput> {
  const [{ DetectionReport }, { AtomicFile }] = await Promise.all([
    import('../report/detection-report.ts'),
    import('../platform/atomic-file.ts'),
  ]);
  const file = await AtomicFile.create(path);
  const report = new DetectionReport({ title: 'Objects in pictures', facts: modelFacts(model, detector), threshold });
  return {
    add: (record, shown) => report.add(record, shown ? record.image : undefined),
    async finish() {
      await file.write(report.html());
      await file.finish();
    },
  };
}

/** What ran, and on what. */
export const modelFacts = (model: string, { kind, device, compiled }: Detector): readonly Fact[] => [
  ['model', model],
  ['convention', kind],
  ['device', device],
  ['OpenVINO', compiled.version],
  ...ownFacts(),
];

export const ownFacts = (): readonly Fact[] => [
  ['decant', VERSION],
  ['made', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
];
