// Puts the tables and the chart of a benchmark into a page of docs/, where the comment says what measures them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs');

const MEASURED = /(<!-- measured by [^>]* -->\n)[^]*(<!-- end -->\n)/;

/** @param name of the page and of its chart */
export function publish(name, markdown, chart) {
  const page = join(DOCS, `${name}.md`);
  const text = readFileSync(page, 'utf8');
  if (!MEASURED.test(text)) throw new Error(`${page} has no place for tables`);
  writeFileSync(
    page,
    text.replace(MEASURED, (_, begin, end) => `${begin}\n${markdown.trim()}\n\n${end}`),
  );
  writeFileSync(join(DOCS, `images/${name}.png`), chart);
}
