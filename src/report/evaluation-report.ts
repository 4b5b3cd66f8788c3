import type { CocoEvaluation } from '../eval/evaluate-coco.ts';
import { curves } from './charts.ts';
import { html, type Html } from './html.ts';
import { type Fact, page, table } from './page.ts';

export function evaluationReport(title: string, facts: readonly Fact[], evaluation: CocoEvaluation): string {
  const { stats, categories, curves: precision } = evaluation;
  const rows = categories
    .filter(({ objects, detections }) => objects > 0 || detections > 0)
    .toSorted((a, b) => b.AP - a.AP)
    .map(({ name, objects, detections, AP, AP50, AP75, AR100 }) => [
      name,
      objects,
      detections,
      ...[AP, AP50, AP75, AR100].map(share),
    ]);
  return page(title, facts, [
    html`<div class="charts">
        <section>
          <h2>Average precision and recall</h2>
          ${numbers(stats)}
        </section>
        <section>
          <h2>Precision over recall</h2>
          ${curves(
            'Precision over recall, mean over all classes',
            ['recall', 'precision'],
            [
              { name: 'IoU 0.50', values: precision.AP50 },
              { name: 'IoU 0.75', values: precision.AP75 },
              { name: 'IoU 0.50 to 0.95', values: precision.AP },
            ],
          )}
        </section>
      </div>
      <section>
        <h2>Classes</h2>
        ${table(['class', 'objects', 'results', 'AP', 'AP50', 'AP75', 'AR100'], rows)}
      </section>`,
  ]);
}

function numbers(stats: CocoEvaluation['stats']): Html {
  const row = (name: string, ...values: readonly number[]): readonly string[] => [name, ...values.map(share)];
  return html`${table(
      ['', 'all', 'small', 'medium', 'large'],
      [
        row('AP', stats.AP, stats.APsmall, stats.APmedium, stats.APlarge),
        row('AR', stats.AR100, stats.ARsmall, stats.ARmedium, stats.ARlarge),
      ],
    )}
    <p>IoU 0.50 to 0.95, up to 100 objects per class and image</p>
    ${table(['', 'IoU 0.50', 'IoU 0.75'], [row('AP', stats.AP50, stats.AP75)])}
    ${table(['', '1 object', '10 objects'], [row('AR', stats.AR1, stats.AR10)])}`;
}

/** Negative means undefined. */
const share = (number: number): string => (number < 0 ? '-' : number.toFixed(3));
