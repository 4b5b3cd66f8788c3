import { existsSync } from 'node:fs';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { fileError } from '../../platform/file-error.ts';
import { writeError, writeFiles } from '../../platform/write-files.ts';
import { imageJson } from '../../results/formats/json.ts';
import type { ResultRecord } from '../../results/result-writer.ts';
import { parseRecord } from './parse-record.ts';

/** The name of the log in the folder of outputs. */
export const LOG_NAME = 'decant-detections.jsonl';

/** An input that is done: the file as it was, what was found in it, and what was written about it. */
interface Entry {
  readonly input: string;
  readonly bytes: number;
  readonly modified: number;
  readonly saved: readonly string[];
}

/** The lines behind the first: each picture's results, and behind the last one of an input that it is done. */
type Line = { readonly input: string; readonly result: object } | Entry;

/**
 * What is done, in a file beside the outputs, so that an interrupted run can be resumed. An input is done when its line is
 * there, its file has the size and time that the line says, and all that was written about it still exists. The first line
 * holds the options: results of other options are not mixed with those of this run.
 */
export class ResultsLog {
  readonly #path: string;
  readonly #done: ReadonlyMap<string, Entry & { readonly results: readonly object[] }>;

  private constructor(path: string, lines: readonly Line[]) {
    this.#path = path;
    this.#done = doneIn(lines);
  }

  /**
   * Begins a log in a folder, or goes on with the one that is there.
   *
   * @throws DecantError `invalid-argument` for a log of other options, `io`
   */
  static async open(folder: string, options: object, resume: boolean): Promise<ResultsLog> {
    const path = join(folder, LOG_NAME);
    const head = JSON.stringify(options);
    const [first, ...rest] = resume && existsSync(path) ? await linesOf(path) : [];
    if (first !== undefined && first !== head) {
      throw new DecantError('invalid-argument', `${path} was written with another model or other options`, {
        remedy: 'Give the same ones, or begin again without --resume.',
      });
    }
    const log = new ResultsLog(path, rest.flatMap(parseLine));
    // Written anew without inputs that were not finished, and without the half of a line at its end.
    const lines = [...log.#done.values()].flatMap(({ results, ...entry }) => [
      ...results.map(result => ({ input: entry.input, result })),
      entry,
    ]);
    const text = [head, ...lines.map(line => JSON.stringify(line)), ''].join('\n');
    await writeFiles([{ path, parts: [Buffer.from(text)] }]);
    return log;
  }

  /** What was found in an input that is done; undefined for one that is not. */
  async resultsOf({ name, from }: Input): Promise<readonly ResultRecord[] | undefined> {
    const entry = this.#done.get(resolve(name));
    if (from !== 'file' || entry?.saved.every(path => existsSync(path)) !== true) return undefined;
    const facts = await factsOf(name);
    if (facts?.bytes !== entry.bytes || facts.modified !== entry.modified) return undefined;
    return entry.results.map(parseRecord);
  }

  async add({ name }: Input, record: ResultRecord): Promise<void> {
    await this.#append({ input: resolve(name), result: imageJson(record) });
  }

  /** Notes that an input is done. */
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

function doneIn(lines: readonly Line[]): Map<string, Entry & { readonly results: readonly object[] }> {
  const results = new Map<string, object[]>();
  const done = new Map<string, Entry & { readonly results: readonly object[] }>();
  for (const line of lines) {
    const found = results.get(line.input) ?? [];
    if ('result' in line) {
      results.set(line.input, found);
      found.push(line.result);
    } else {
      done.set(line.input, { ...line, results: found });
      // What follows is of a later run, which found the input changed.
      results.delete(line.input);
    }
  }
  return done;
}

const linesOf = async (path: string): Promise<readonly string[]> =>
  (
    await readFile(path, 'utf8').catch((thrown: unknown) => {
      throw fileError(path, thrown);
    })
  ).split('\n');

/** A line, or none where the process ended within it. */
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
