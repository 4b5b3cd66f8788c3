import { html, Html } from './html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { STYLE } from './style.ts';

export type Fact = readonly [name: string, value: string | number];

export function page(title: string, facts: readonly Fact[], sections: readonly Html[]): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <dl>
            ${facts.map(
              ([name, value]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>
        </header>
        <main>${sections}</main>
        <dialog data-dialog aria-label="Enlarged image"></dialog>
        <script>
          ${new Html(PAGE_SCRIPT)};
        </script>
      </body>
    </html> `;
  return text;
}

export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): Html =>
  html` <div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name, i) => html`<th scope="col" ${className(rows[0]?.[i])}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          row =>
            html`<tr>
              ${row.map(value => html`<td${className(value)}>${value}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const className = (value: string | number | undefined): Html =>
  new Html(typeof value === 'number' || /^-?[\d.]+$|^-$/.test(value ?? '') ? ' class="number"' : '');
