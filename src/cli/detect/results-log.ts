import { existsSync } from 'node:fs';
import { appendFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { readFile } from '../../platform/read-file.ts';
import { writeError, writeFiles } from '../../platform/write-files.ts';
import { imageJson } from '../../results/formats/json.ts';
import type { ResultRecord } from '../../results/result-writer.ts';
import { parseRecord } from '../../results/parse-record.ts';

const LOG_NAME = 'decant-detections.jsonl';

interface Entry {
  readonly input: string;
  readonly bytes: number;
  readonly modified: number;
  readonly saved: readonly string[];
}

interface FinishedEntry extends Entry {
  readonly results: readonly object[];
}

/** A line after the first: results of one image, or an entry after the last image of an input. */
type Line = { readonly input: string; readonly result: object } | Entry;

/**
 * A log beside the saved files, so that an interrupted run can be resumed. An input is finished if it has an entry, its file
 * has the entry's size and time, and all files written about it still exist. The first line holds the options, as results
 * of different options must not be mixed.
 */
export class ResultsLog {
  readonly #path: string;
  readonly #head: string;
  readonly #finished: ReadonlyMap<string, FinishedEntry>;

  private constructor(path: string, head: string, lines: readonly Line[]) {
    this.#path = path;
    this.#head = head;
    this.#finished = finishedIn(lines);
  }

  /** Continues the log in `folder` if `resume` is set, otherwise replaces it. */
  static async read(folder: string, options: object, resume: boolean): Promise<ResultsLog> {
    const path = join(folder, LOG_NAME);
    const head = JSON.stringify(options);
    const [first, ...rest] = resume && existsSync(path) ? await linesOf(path) : [];
    if (first !== undefined && first !== head) {
      throw new DecantError('invalid-argument', `${path} was written with another model or other options`, {
        remedy: 'Use the same ones, or start again without --resume.',
      });
    }
    return new ResultsLog(path, head, rest.flatMap(parseLine));
  }

  /** Rewrites the log without unfinished inputs and a truncated last line. */
  async begin(): Promise<void> {
    const lines = [...this.#finished.values()].flatMap(({ results, ...entry }) => [
      ...results.map(result => ({ input: entry.input, result })),
      entry,
    ]);
    const text = [this.#head, ...lines.map(line => JSON.stringify(line)), ''].join('\n');
    await writeFiles([{ path: this.#path, parts: [Buffer.from(text)] }]);
  }

  async finished(inputs: readonly Input[]): Promise<ReadonlySet<Input>> {
    const finished = new Set<Input>();
    for (const input of inputs) if (await this.#isFinished(input)) finished.add(input);
    return finished;
  }

  async #isFinished({ name, from }: Input): Promise<boolean> {
    const entry = this.#finished.get(resolve(name));
    if (from !== 'file' || entry?.saved.every(path => existsSync(path)) !== true) return false;
    const facts = await factsOf(name);
    return facts?.bytes === entry.bytes && facts.modified === entry.modified;
  }

  resultsOf({ name }: Input): readonly ResultRecord[] {
    return this.#finished.get(resolve(name))?.results.map(parseRecord) ?? [];
  }

  async add({ name }: Input, record: ResultRecord): Promise<void> {
    await this.#append({ input: resolve(name), result: imageJson(record) });
  }

  async finish({ name, from }: Input, saved: readonly string[]): Promise<void> {
    const facts = from === 'file' ? await factsOf(name) : undefined;
    if (facts === undefined) return;
    await this.#append({ input: resolve(name), ...facts, saved: saved.map(path => resolve(path)) });
  }

  async #append(line: Line): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify(line)}\n`).catch((thrown: unknown) => {
      throw writeError(this.#path, thrown);
    });
  }
}

function finishedIn(lines: readonly Line[]): ReadonlyMap<string, FinishedEntry> {
  const results = new Map<string, object[]>();
  const finished = new Map<string, FinishedEntry>();
  for (const line of lines) {
    const found = results.get(line.input) ?? [];
    if ('result' in line) {
      results.set(line.input, found);
      found.push(line.result);
    } else {
      finished.set(line.input, { ...line, results: found });
      // Further lines are of a later run, for which the file had changed.
      results.delete(line.input);
    }
  }
  return finished;
}

async function linesOf(path: string): Promise<readonly string[]> {
  return (await readFile(path)).toString().split('\n');
}

/** Returns nothing if the process ended while writing the line. */
function parseLine(line: string): readonly Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}

const factsOf = (path: string): Promise<{ bytes: number; modified: number } | undefined> =>
  stat(path).then(
    ({ size, mtimeMs }) => ({ bytes: size, modified: mtimeMs }),
    () => undefined,
  );
