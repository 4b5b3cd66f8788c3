import { classColor, toCss } from '../draw/class-color.ts';
import type { Detection } from '../detect/detection.ts';
import type { Image } from '../image/image.ts';
import type { ResultRecord } from '../results/result-writer.ts';
import { scoreHistogram, timeline } from './charts.ts';
import { html, type Html } from './html.ts';
import { type Fact, page, table } from './page.ts';
import { thumbnail } from './thumbnail.ts';

export interface DetectionReportOptions {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly threshold: number;
}

/** More images make the page slow to open; the rest only count in the statistics. */
const MAX_IMAGES = 1000;

export class DetectionReport {
  readonly #options: DetectionReportOptions;
  readonly #images: Html[] = [];
  readonly #classes = new Map<number, ClassCount>();
  readonly #scores: number[] = [];
  readonly #times: Times[] = [];
  #shownObjects = 0;
  #count = 0;

  constructor(options: DetectionReportOptions) {
    this.#options = options;
  }

  async add(record: ResultRecord & { readonly ms: Times }, image: Image | undefined): Promise<void> {
    const number = this.#count++;
    this.#times.push(record.ms);
    for (const { label, classId, score } of record.detections) {
      this.#scores.push(score);
      this.#classes.set(classId, { label, count: (this.#classes.get(classId)?.count ?? 0) + 1 });
    }
    if (image === undefined || this.#images.length >= MAX_IMAGES) return;
    this.#shownObjects += record.detections.length;
    this.#images.push(imageOf(number, record, await thumbnail(image)));
  }

  html(): string {
    const { title, facts, threshold } = this.#options;
    const counts: readonly Fact[] = [
      ['images', this.#count],
      ['objects', this.#scores.length],
      ['lowest score reported', threshold],
    ];
    return page(title, [...facts, ...counts], [this.#charts(), this.#controls(), this.#list()]);
  }

  #charts(): Html {
    const steps = ['read', 'prepare', 'infer', 'decode'] as const;
    const rows = steps.map(step => [step, ...summary(this.#times.map(times => times[step]))]);
    const totals = this.#times.map(({ prepare, infer, decode }) => prepare + infer + decode);
    return html`<div class="charts">
      <section>
        <h2>Scores</h2>
        ${scoreHistogram(this.#scores)}
      </section>
      <section>
        <h2>Times</h2>
        ${timeline(totals)}
        ${table(['ms', 'mean', 'median', '95 %', 'max'], [...rows, ['without read', ...summary(totals)]])}
      </section>
    </div>`;
  }

  #controls(): Html {
    const { threshold } = this.#options;
    const classes = [...this.#classes].sort(([, a], [, b]) => b.count - a.count);
    return html`<h2>Images</h2>
      <div class="controls">
        <label
          >Minimum score <input type="range" data-slider min="${threshold}" max="1" step="0.01" value="${threshold}" />
          <output data-threshold>${threshold.toFixed(2)}</output></label
        >
        <span aria-live="polite"
          ><strong data-total>${this.#shownObjects}</strong> of ${this.#shownObjects} objects</span
        >
        <fieldset>
          <legend>Classes</legend>
          ${classes.map(
            ([id, { label, count }]) =>
              html`<label
                ><input type="checkbox" data-class-toggle="${id}" checked />
                <span class="swatch" style="background:${colorOf(id)}"></span>${label}
                <span data-class-count="${id}">${count}</span></label
              >`,
          )}
        </fieldset>
      </div>`;
  }

  #list(): Html {
    const more = this.#count - this.#images.length;
    return html`${more > 0 ? html`<p>${more} more images are only included in the statistics above.</p>` : ''}
      <ul class="images">
        ${this.#images}
      </ul>`;
  }
}

interface ClassCount {
  readonly label: string;
  readonly count: number;
}

interface Times {
  readonly read: number;
  readonly prepare: number;
  readonly infer: number;
  readonly decode: number;
}

const colorOf = (classId: number): string => toCss(classColor(classId));

function imageOf(number: number, record: ResultRecord, address: string): Html {
  const { file, page: pageNumber, frame, width, height, detections } = record;
  const name = [
    file,
    ...(pageNumber === undefined ? [] : [pageNumber]),
    ...(frame === undefined ? [] : [`frame ${frame}`]),
  ].join(', ');
  const size = Math.max(width, height) / 34;
  return html`<li>
    <div class="frame">
      <img src="${address}" alt="${name}" width="${width}" height="${height}" loading="lazy" decoding="async" />
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${detections.map(one => boxOf(number, one, size))}</svg>
    </div>
    <div class="about">
      <h3>${name}</h3>
      <p>${width} x ${height}, <span data-image-count="${number}">${detections.length}</span> objects</p>
      ${
        detections.length === 0
          ? ''
          : html`<details>
              <summary>List</summary>
              ${listOf(number, detections)}
            </details>`
      }
    </div>
  </li>`;
}

function boxOf(imageNumber: number, detection: Detection, size: number): Html {
  const { box, label, score } = detection;
  const x = pixels(box.xmin);
  const y = pixels(box.ymin);
  const baseline = pixels(y > 1.3 * size ? y - 0.3 * size : y + size);
  return html`<g data-object="box" ${dataOf(imageNumber, detection)}>
    <rect
      x="${x}"
      y="${y}"
      width="${pixels(box.xmax - box.xmin)}"
      height="${pixels(box.ymax - box.ymin)}"
      stroke="${colorOf(detection.classId)}"
    />
    <text x="${pixels(x + 0.15 * size)}" y="${baseline}" font-size="${pixels(size)}"
      >${label} ${score.toFixed(2)}</text
    ></g
  >`;
}

const listOf = (imageNumber: number, detections: readonly Detection[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">class</th>
        <th scope="col">score</th>
        <th scope="col">box</th>
      </tr>
    </thead>
    <tbody>
      ${detections.map(detection => {
        const { label, score, box } = detection;
        const edges = [box.xmin, box.ymin, box.xmax, box.ymax].map(edge => Math.round(edge)).join(', ');
        return html`<tr data-object="row" ${dataOf(imageNumber, detection)}>
          <td>${label}</td>
          <td>${score.toFixed(2)}</td>
          <td>${edges}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;

const dataOf = (imageNumber: number, { score, classId }: Detection): Html =>
  html`data-score="${score.toFixed(4)}" data-class="${classId}" data-image="${imageNumber}"`;

const pixels = (length: number): number => Math.round(length * 10) / 10;

function summary(times: readonly number[]): readonly string[] {
  if (times.length === 0) return ['-', '-', '-', '-'];
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return [mean, at(0.5), at(0.95), sorted.at(-1)!].map(time => time.toFixed(1));
}
