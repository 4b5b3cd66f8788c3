import type { BoxLengths } from '../eval/coco-dataset.ts';
import { type Confusion, CONFUSION_IOU } from '../eval/confusion.ts';
import type { CategoryStats, CocoEvaluation } from '../eval/evaluate-coco.ts';
import type { Image } from '../image/image.ts';
import { curves } from './charts.ts';
import { html, type Html } from './html.ts';
import { type Fact, page, table } from './page.ts';
import { thumbnail } from './thumbnail.ts';

/** What the page shows besides the metrics. */
export interface EvaluationDetails {
  readonly confusion: Confusion;
  /** Images with missed objects, for those whose files are there. */
  readonly misses: readonly MissImage[];
}

export interface MissImage {
  readonly name: string;
  readonly image: Image;
  readonly objects: readonly { readonly label: string; readonly bbox: BoxLengths }[];
}

export async function evaluationReport(
  title: string,
  facts: readonly Fact[],
  evaluation: CocoEvaluation,
  details: EvaluationDetails,
): Promise<string> {
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
    classCurves(categories),
    confusionTable(details.confusion, categories),
    await missedImages(details.misses),
  ]);
}

/** Charts on a page: the classes with the most objects. */
const MAX_CLASS_CURVES = 24;

function classCurves(categories: readonly CategoryStats[]): Html {
  const shown = categories
    .filter(({ objects }) => objects > 0)
    .toSorted((a, b) => b.objects - a.objects)
    .slice(0, MAX_CLASS_CURVES);
  return html`<h2>Precision over recall by class, at IoU 0.50</h2>
    <div class="charts">
      ${shown.map(({ name, objects, AP50, curve }) => {
        const label = `${name}: AP50 ${share(AP50)}, ${objects} annotated`;
        return html`<section>
          <h3>${label}</h3>
          ${curves(label, ['recall', 'precision'], [{ name: '', values: curve }])}
        </section>`;
      })}
    </div>`;
}

const NOTHING = 'nothing';

function confusionTable({ threshold, counts }: Confusion, categories: readonly CategoryStats[]): Html {
  const used = categories.filter(({ id }) => counts.some(({ annotated, found }) => annotated === id || found === id));
  const ids = [...used.map(({ id }) => id), undefined];
  const names = [...used.map(({ name }) => name), NOTHING];
  const countOf = (annotated: number | undefined, found: number | undefined): number =>
    counts.find(each => each.annotated === annotated && each.found === found)?.count ?? 0;
  const rows = ids.map((annotated, i) => [names[i]!, ...ids.map(found => countOf(annotated, found) || '')]);
  return html`<section>
    <h2>Confusion</h2>
    <p>
      Rows are annotated classes, columns are found ones: results of at least ${threshold.toFixed(2)}, matched at an IoU
      of ${CONFUSION_IOU}. The row "${NOTHING}" counts false results, its column missed objects.
    </p>
    ${table(['annotated', ...names], rows)}
  </section>`;
}

async function missedImages(misses: readonly MissImage[]): Promise<Html> {
  const items: Html[] = [];
  for (const { name, image, objects } of misses) {
    const { width, height } = image;
    const boxes = objects.map(
      ({ label, bbox: [x, y, w, h] }) =>
        html`<rect x="${x}" y="${y}" width="${w}" height="${h}" stroke="#ff5a3c"><title>${label}</title></rect>`,
    );
    items.push(
      html`<li>
        <button type="button" class="frame" data-enlarge aria-label="Enlarge ${name}">
          <img src="${await thumbnail(image)}" alt="" width="${width}" height="${height}" loading="lazy" />
          <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${boxes}</svg>
        </button>
        <div class="about">
          <h3>${name}</h3>
          <p>missed: ${objects.map(({ label }) => label).join(', ')}</p>
        </div>
      </li>`,
    );
  }
  if (items.length === 0) return html``;
  return html`<h2>Images with the most missed objects</h2>
    <ul class="images">
      ${items}
    </ul>`;
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
