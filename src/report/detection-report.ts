import { classColor, toCss } from '../draw/class-color.ts';
import type { Detection } from '../detect/detection.ts';
import type { Image } from '../image/image.ts';
import type { ResultContext, ResultRecord } from '../results/result-writer.ts';
import { scoreHistogram, timeline } from './charts.ts';
import { FrameCounts } from './frame-counts.ts';
import { freePlaces } from './free-places.ts';
import { html, type Html } from './html.ts';
import { type Fact, page, table } from './page.ts';
import { ReportData } from './report-data.ts';
import { thumbnail } from './thumbnail.ts';

export interface DetectionReportOptions {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly threshold: number;
  /** What the downloads say about the run. */
  readonly context: ResultContext;
}

/** More images make the page slow to open; the rest only count in the statistics. */
const MAX_IMAGES = 1000;

export class DetectionReport {
  readonly #options: DetectionReportOptions;
  readonly #images: Html[] = [];
  readonly #classes = new Map<number, ClassCount>();
  readonly #scores: number[] = [];
  readonly #times: Times[] = [];
  readonly #frames = new FrameCounts();
  readonly #data: ReportData;
  #shownObjects = 0;
  #count = 0;

  constructor(options: DetectionReportOptions) {
    this.#options = options;
    this.#data = new ReportData(options.context);
  }

  async add(record: ResultRecord & { readonly ms: Times }, image: Image | undefined): Promise<void> {
    const number = this.#count++;
    this.#times.push(record.ms);
    this.#frames.add(record);
    this.#data.add(record);
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
      ...this.#quantities(),
      ['objects', this.#scores.length],
      ['lowest score reported', threshold],
    ];
    return page(title, [...facts, ...counts], [this.#data.links(), this.#charts(), this.#controls(), this.#list()]);
  }

  /** Videos have frames. */
  #quantities(): readonly Fact[] {
    const { frames, videos } = this.#frames;
    const images = this.#count - frames;
    return [
      ...(images > 0 || frames === 0 ? [['images', images] as const] : []),
      ...(videos > 0 ? ([['videos', videos], ['frames', frames]] as const) : []), // prettier-ignore
    ];
  }

  get #noun(): string {
    return this.#frames.frames === this.#count && this.#count > 0 ? 'frame' : 'image';
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
        ${timeline(totals, this.#noun)}
        ${table(['ms', 'mean', 'median', '95 %', 'max'], [...rows, ['without read', ...summary(totals)]])}
      </section>
      ${this.#frames.charts()}
    </div>`;
  }

  #controls(): Html {
    const { threshold } = this.#options;
    const classes = [...this.#classes].sort(([, a], [, b]) => b.count - a.count);
    return html`<h2>${this.#noun === 'frame' ? 'Frames' : 'Images'}</h2>
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
    return html`${more > 0 ? html`<p>${more} more ${this.#noun}s are only included in the statistics above.</p>` : ''}
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
  const { file, page: pageNumber, frame, time, width, height, detections } = record;
  const name = [
    file,
    ...(pageNumber === undefined ? [] : [pageNumber]),
    ...(frame === undefined ? [] : [`frame ${frame}`]),
    ...(time === undefined ? [] : [`at ${time.toFixed(1)} s`]),
  ].join(', ');
  return html`<li>
    <button type="button" class="frame" data-enlarge aria-label="Enlarge ${name}">
      <img src="${address}" alt="" width="${width}" height="${height}" loading="lazy" decoding="async" />
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${boxesOf(number, record)}</svg>
    </button>
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

function boxesOf(imageNumber: number, { width, height, detections }: ResultRecord): readonly Html[] {
  const size = Math.max(width, height) / 34;
  const texts = detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`);
  const labels = freePlaces(detections, texts, size, { width, height });
  const boxes = detections.map((detection, i) => {
    const { box, classId } = detection;
    return html`<g data-object="box" ${dataOf(imageNumber, detection)}
      ><rect
        x="${pixels(box.xmin)}"
        y="${pixels(box.ymin)}"
        width="${pixels(box.xmax - box.xmin)}"
        height="${pixels(box.ymax - box.ymin)}"
        stroke="${colorOf(classId)}"
        ><title>${texts[i]!}</title></rect
      ></g
    >`;
  });
  // Above all boxes.
  const names = detections.flatMap((detection, i) => {
    const place = labels[i];
    if (place === undefined) return [];
    const [x, y] = [pixels(place.x + 0.15 * size), pixels(place.y + size)];
    return html`<text
      data-object="label"
      ${dataOf(imageNumber, detection)}
      x="${x}"
      y="${y}"
      font-size="${pixels(size)}"
      >${texts[i]!}</text
    >`;
  });
  return [...boxes, ...names];
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
