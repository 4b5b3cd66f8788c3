import { mapAhead } from '../pipeline/map-ahead.ts';
import { parseRecord } from '../results/parse-record.ts';
import { resultFormat } from '../results/result-formats.ts';
import type { ResultContext, ResultRecord } from '../results/result-writer.ts';
import type { DeadLetter } from './image-queue.ts';
import type { ResultStore } from './result-store.ts';

/** Folder with one result per image, by the id of its job. */
export const PARTS = 'parts';

/** Results that are read at once: a process may have only so many open files. */
const READING = 16;

/** Endings of the formats that are not their names. */
const ENDINGS: Readonly<Record<string, string>> = { jsonl: 'jsonl', csv: 'csv' };

/**
 * Writes the results of all images so far as one file, sorted by image, and the images that failed as `failed.jsonl`. Writing
 * twice gives the same files.
 *
 * @returns the number of results
 */
export async function mergeResults(
  store: ResultStore,
  format: string,
  context: ResultContext,
  failed: readonly DeadLetter[],
): Promise<number> {
  const names = await store.list(PARTS);
  const read = async (name: string): Promise<ResultRecord> => parseRecord(JSON.parse(await store.get(name)) as object);
  const records: ResultRecord[] = [];
  for await (const record of mapAhead(names, read, { concurrency: READING })) records.push(record);
  records.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const writer = resultFormat(format).writer(context);
  const parts = [writer.begin(), ...records.map(record => writer.write(record)), writer.end()].flat();
  await store.put(`results.${ENDINGS[format] ?? 'json'}`, parts.map(({ text }) => text).join(''));
  await store.put('failed.jsonl', failed.map(letter => `${JSON.stringify(letter)}\n`).join(''));
  return records.length;
}
