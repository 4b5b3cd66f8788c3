import { once } from 'node:events';
import { join } from 'node:path';
import { AtomicFile } from '../platform/atomic-file.ts';
import { writeFiles } from '../platform/write-files.ts';
import type { ResultContext, ResultFormat, ResultPart, ResultRecord } from '../results/result-writer.ts';

/**
 * Where results go. Nothing is printed before the first of them, so that a command that fails has printed nothing; and a
 * file stands in its place only when all of them are in it.
 */
export interface ResultOutput {
  write(record: ResultRecord): Promise<void>;
  /** Everything was written. */
  finish(): Promise<void>;
}

/** Takes the parts of the text one behind the other. */
interface Sink {
  put(parts: readonly ResultPart[]): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Results in `format`: a file, a folder, or standard output without a path, which a folder of files cannot do without.
 *
 * @throws DecantError `io`
 */
export async function resultOutput(
  format: ResultFormat,
  path: string | undefined,
  context: ResultContext,
): Promise<ResultOutput> {
  const sink =
    path === undefined
      ? standardOutput
      : format.output === 'folder'
        ? folder(path)
        : file(await AtomicFile.create(path));
  const writer = format.writer(context);
  let begun = false;
  const begin = (): readonly ResultPart[] => {
    if (begun) return [];
    begun = true;
    return writer.begin();
  };
  return {
    // The picture first: one that has no place in the results begins nothing.
    write: record => {
      const parts = writer.write(record);
      return sink.put([...begin(), ...parts]);
    },
    async finish() {
      await sink.put([...begin(), ...writer.end()]);
      await sink.finish();
    },
  };
}

const textOf = (parts: readonly ResultPart[]): string => parts.map(({ text }) => text).join('');

const nothing = (): Promise<void> => Promise.resolve();

const standardOutput: Sink = {
  async put(parts) {
    const text = textOf(parts);
    // Whoever reads slowly holds the work back, so that results do not pile up.
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  finish: nothing,
};

const file = (growing: AtomicFile): Sink => ({
  put: parts => growing.write(textOf(parts)),
  finish: () => growing.finish(),
});

const folder = (path: string): Sink => ({
  put: parts =>
    writeFiles(parts.map(part => ({ path: join(path, part.path!), parts: [new TextEncoder().encode(part.text)] }))),
  finish: nothing,
});
