import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Inputs } from './inputs.ts';
import { minimize } from './minimize.ts';
import type { Outcome, Problem } from './problem.ts';
import { type Files, printFiles, type Target } from './target.ts';
import type { Tree } from './tree.ts';
import { Watched } from './watched.ts';

const BATCH = 20;
/** A probe of an error takes milliseconds, of a hang its time limit. */
const PROBES = { bug: 400, hang: 15, memory: 25, crash: 60 };
/** Problems without a stack look the same. */
const MAX_ALIKE = 4;

export interface FuzzOptions {
  readonly seed: number;
  readonly first: number;
  /** Number of inputs, or undefined to end after `seconds`. */
  readonly count: number | undefined;
  readonly seconds: number;
  /** The folder that keeps findings. */
  readonly save: string;
  readonly onProgress: (report: Report) => void;
}

export interface Report {
  readonly target: string;
  readonly inputs: number;
  readonly read: number;
  readonly refused: number;
  readonly findings: readonly Finding[];
}

export interface Finding extends Problem {
  /** The first input that shows it. */
  readonly index: number;
  /** The folder with the minimized input. */
  readonly path: string;
}

/** Runs mutated inputs of a target, and keeps one minimized input for each problem. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<Report> {
  const { seed, first, count = Infinity, seconds } = options;
  const made = new Inputs(target, seed);
  const watched = new Watched();
  const alike = new Map<string, number>();
  const findings: Finding[] = [];
  const tally = { inputs: 0, read: 0, refused: 0 };
  const until = performance.now() + 1000 * seconds;
  while (tally.inputs < count && performance.now() < until) {
    const next = first + tally.inputs;
    const range = { seed, first: next, count: Math.min(BATCH, count - tally.inputs) };
    const outcomes = await watched.run({ target: target.name, range });
    for (const [i, outcome] of outcomes.entries()) {
      tally.inputs++;
      if (typeof outcome === 'string') tally[outcome]++;
      else {
        const seen = alike.get(outcome.signature) ?? 0;
        alike.set(outcome.signature, seen + 1);
        if (seen >= (outcome.kind === 'bug' ? 1 : MAX_ALIKE)) continue;
        const found = await keep(target, await made.at(next + i), next + i, options, watched);
        if (found !== undefined) findings.push(found);
      }
    }
    options.onProgress({ target: target.name, ...tally, findings });
  }
  watched.stop();
  return { target: target.name, ...tally, findings };
}

/** Confirms a problem in a new process, minimizes its input and saves it. */
async function keep(
  target: Target,
  tree: Tree,
  index: number,
  { save }: FuzzOptions,
  watched: Watched,
): Promise<Finding | undefined> {
  const probe = async (candidate: Tree): Promise<Outcome> => {
    const [outcome] = await watched.run({ target: target.name, files: printFiles(target, candidate) });
    return outcome!;
  };
  watched.stop();
  const problem = await probe(tree);
  if (typeof problem === 'string') return undefined;
  const { kind, signature } = problem;
  const shows = async (candidate: Tree): Promise<boolean> => {
    const outcome = await probe(candidate);
    return typeof outcome === 'object' && outcome.signature === signature;
  };
  const files = printFiles(target, await minimize(tree, shows, PROBES[kind]));
  const hash = createHash('sha256');
  for (const [path, data] of files) hash.update(path).update(data);
  const path = join(save, target.name, `${kind}-${hash.digest('hex').slice(0, 8)}`);
  await write(path, files);
  return { ...problem, index, path };
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [path, data] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
  }
}
