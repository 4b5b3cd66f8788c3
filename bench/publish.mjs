// Puts the tables and the chart of a benchmark into docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs');

const MEASURED = /(<!-- measured by npm run bench -->\n)[^]*(<!-- end -->\n)/;

export function publish(markdown, chart) {
  const page = join(DOCS, 'performance.md');
  const text = readFileSync(page, 'utf8');
  if (!MEASURED.test(text)) throw new Error(`${page} has no place for tables`);
  writeFileSync(
    page,
    text.replace(MEASURED, (_, begin, end) => `${begin}\n${markdown}\n${end}`),
  );
  writeFileSync(join(DOCS, 'images/performance.png'), chart);
}
