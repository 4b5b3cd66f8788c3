import { csv } from '../results/formats/csv.ts';
import { json } from '../results/formats/json.ts';
import type { ResultContext, ResultFormat, ResultRecord, ResultWriter } from '../results/result-writer.ts';
import { html, type Html } from './html.ts';

const TYPES = { csv: 'text/csv', json: 'application/json' } as const;

/** The results of a page as files to download, which the page contains. */
export class ReportData {
  readonly #files: readonly {
    readonly name: keyof typeof TYPES;
    readonly writer: ResultWriter;
    readonly texts: string[];
  }[];

  constructor(context: ResultContext) {
    const file = (name: keyof typeof TYPES, format: ResultFormat) => {
      const writer = format.writer(context);
      return { name, writer, texts: writer.begin().map(({ text }) => text) };
    };
    this.#files = [file('csv', csv), file('json', json)];
  }

  add(record: ResultRecord): void {
    for (const { writer, texts } of this.#files) texts.push(...writer.write(record).map(({ text }) => text));
  }

  links(): Html {
    const links = this.#files.map(({ name, writer, texts }) => {
      const bytes = Buffer.from([...texts, ...writer.end().map(({ text }) => text)].join(''));
      return html`<a download="detections.${name}" href="data:${TYPES[name]};base64,${bytes.toString('base64')}"
        >Download ${name.toUpperCase()}</a
      > `;
    });
    return html`<p class="downloads">${links}</p>`;
  }
}
