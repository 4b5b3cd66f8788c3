import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import type { Graph } from '../../src/ov/graph.ts';
import type { ElementType } from '../../src/tensor/element-type.ts';
import { bytesOf, type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts';
import { openVinoLibrary } from './openvino.ts';

type Tensors = ReadonlyMap<string, Tensor>;

/** A model, and the inputs of each of its runs. */
export interface Job {
  readonly graph: Graph;
  readonly runs: readonly Tensors[];
}

/** The outputs of a run, or why there are none: an error of OpenVINO, or the signal that ended the process. */
export type Answer = { readonly outputs: Tensors } | { readonly error: string } | { readonly signal: string };

type Encoded = readonly [type: ElementType, shape: readonly number[], base64: string];
type Line = 'started' | { readonly outputs: Readonly<Record<string, Encoded>> } | { readonly error: string };

/** Milliseconds without a line after which a process is killed. */
const TIME_LIMIT = 60_000;

const PROGRAM = join(import.meta.dirname, 'infer-program.mjs');

/** Runs models on OpenVINO in a process of its own, which is started again after a crash. Returns one answer per run. */
export async function inferInChild(jobs: readonly Job[]): Promise<readonly Answer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-test-'));
  try {
    const file = join(folder, 'jobs.json');
    await writeFile(file, JSON.stringify(jobs.map(encodeJob)));
    const count = jobs.reduce((sum, { runs }) => sum + runs.length, 0);
    const answers: Answer[] = [];
    while (answers.length < count) answers.push(...(await answersFrom(file, answers.length)));
    return answers;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function answersFrom(file: string, first: number): Promise<readonly Answer[]> {
  const child = spawn(process.execPath, [PROGRAM, file, String(first)], {
    env: { ...process.env, DECANT_OPENVINO: await openVinoLibrary() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    timer.refresh();
  });
  const signal = await new Promise<string | null>((resolve, reject) => {
    child.on('error', reject).on('close', (_code, name) => resolve(name));
  });
  clearTimeout(timer);
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line);
  if (lines.length === 0) throw new Error(`${PROGRAM} did not start: run \`npm run build\` first`);
  const answers = lines.flatMap((line): readonly Answer[] => {
    if (line === 'started') return [];
    return ['outputs' in line ? { outputs: decodeAll(line.outputs) } : line];
  });
  return lines.at(-1) === 'started' ? [...answers, { signal: signal ?? 'exit' }] : answers;
}

const encodeJob = ({ graph, runs }: Job) => {
  const { xml, bin } = writeIr(graph);
  return { xml, bin: base64(joinBin(bin)), runs: runs.map(encodeAll) };
};

const encodeAll = (tensors: Tensors): Readonly<Record<string, Encoded>> =>
  Object.fromEntries([...tensors].map(([name, each]) => [name, [each.type, each.shape, base64(bytesOf(each))]]));

const decodeAll = (tensors: Readonly<Record<string, Encoded>>): Tensors =>
  new Map(
    Object.entries(tensors).map(([name, [type, shape, data]]) => [
      name,
      tensorFromBytes(type, shape, new Uint8Array(Buffer.from(data, 'base64'))),
    ]),
  );

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
