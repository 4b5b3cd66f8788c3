import { once } from 'node:events';
import { join } from 'node:path';
import { DecantError } from '../../../errors.ts';
import { AtomicFile } from '../../../platform/atomic-file.ts';
import { checkTarget, checkTargetFolder } from '../../../platform/check-target.ts';
import { writeFiles } from '../../../platform/write-files.ts';
import type { ResultFormat, ResultPart, ResultRecord, ResultWriter } from '../../../results/result-writer.ts';
import { logInfo, printableLines } from '../../console.ts';
import { printFailure } from '../../print-failure.ts';
import type { PlanOutput } from '../detect-output.ts';

export const writeResults: PlanOutput = async ({
  format,
  dataset,
  inputs,
  options: { annotations, output: path, rawCsv, threshold },
}) => {
  if (format === undefined) return undefined;
  const video = inputs.find(({ kind }) => kind === 'video');
  if (annotations !== undefined && video !== undefined) {
    throw new DecantError('invalid-argument', `--annotations describe images, and ${video.name} is a video`);
  }
  if (path !== undefined) await (format.output === 'folder' ? checkTargetFolder(path) : checkTarget(path));
  return async ({ model, detector: { device, notes }, labels, regions, finished, log }) => {
    const sink = await openSink(format, path);
    const tracking = regions !== undefined;
    const results = new Results(
      format.writer({ model, device, threshold, notes, labels, dataset, rawCsv, tracking }),
      sink,
    );
    return {
      async start() {
        for (const input of finished) {
          for (const record of log?.resultsOf(input) ?? []) await results.write(record);
        }
      },
      result: ({ record }) => results.write(record),
      error: ({ name }, error) => results.fail(name, error),
      async finish() {
        await results.finish();
        if (path !== undefined) logInfo(`saved ${path}`);
      },
      async abort(error) {
        // A file is left as it was before.
        if (path === undefined) await results.abort(error);
        else printFailure(error, format.name);
      },
    };
  };
};

/** Writes nothing before the first record, so that a command that fails prints nothing. */
class Results {
  readonly #writer: ResultWriter;
  readonly #sink: Sink;
  #begun = false;
  #ended = false;

  constructor(writer: ResultWriter, sink: Sink) {
    this.#writer = writer;
    this.#sink = sink;
  }

  write(record: ResultRecord): Promise<void> {
    // First, as it may throw.
    const parts = this.#writer.write(record);
    return this.#sink.put([...this.#begin(), ...parts]);
  }

  /** Writes nothing if the format has no place for errors. */
  async fail(file: string, error: DecantError): Promise<void> {
    const parts = this.#writer.fail?.(file, error);
    if (parts !== undefined) await this.#sink.put([...this.#begin(), ...parts]);
  }

  async finish(): Promise<void> {
    await this.#sink.put([...this.#begin(), ...this.#writer.end()]);
    await this.#sink.finish();
    this.#ended = true;
  }

  async abort(error: DecantError): Promise<void> {
    if (this.#ended || this.#writer.fail === undefined) return;
    await this.#sink.put([...this.#begin(), ...this.#writer.end(error)]);
  }

  #begin(): readonly ResultPart[] {
    if (this.#begun) return [];
    this.#begun = true;
    return this.#writer.begin();
  }
}

interface Sink {
  put(parts: readonly ResultPart[]): Promise<void>;
  finish(): Promise<void>;
}

async function openSink(format: ResultFormat, path: string | undefined): Promise<Sink> {
  if (path === undefined) return STANDARD_OUTPUT;
  return format.output === 'folder' ? folderSink(path) : fileSink(await AtomicFile.create(path));
}

const textOf = (parts: readonly ResultPart[]): string => parts.map(({ text }) => text).join('');

const STANDARD_OUTPUT: Sink = {
  async put(parts) {
    const all = textOf(parts);
    const text = process.stdout.isTTY ? printableLines(all) : all;
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  finish: () => Promise.resolve(),
};

const fileSink = (file: AtomicFile): Sink => ({
  put: parts => file.write(textOf(parts)),
  finish: () => file.finish(),
});

const folderSink = (folder: string): Sink => ({
  put: parts =>
    writeFiles(parts.map(({ path, text }) => ({ path: join(folder, path!), parts: [new TextEncoder().encode(text)] }))),
  finish: () => Promise.resolve(),
});
