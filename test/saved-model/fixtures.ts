import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSource } from '../../src/platform/open-source.ts';
import type { Source } from '../../src/source/source.ts';
import type { ElementType } from '../../src/tensor/element-type.ts';
import { type Tensor, tensorOf } from '../../src/tensor/tensor.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/saved-model');

export const fixture = (name: string): Promise<Source> => openSource(join(FOLDER, `${name}.tar.gz`));

export async function fixtureFiles(name: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const source = await fixture(name);
  const files = new Map<string, Uint8Array>();
  for (const path of await source.list()) files.set(path, await source.read(path));
  return files;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Answer {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
}

interface Numbers {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type Stored = Readonly<Record<string, Readonly<Record<keyof Answer, Readonly<Record<string, Numbers>>>>>>;

const TYPES: Readonly<Record<string, ElementType>> = { float32: 'f32', int32: 'i32', int64: 'i64' };

const toTensors = (stored: Readonly<Record<string, Numbers>>): Tensors =>
  Object.fromEntries(
    Object.entries(stored).map(([name, { type, shape, data }]) => [name, tensorOf(TYPES[type]!, shape, data)]),
  );

export const ANSWERS: ReadonlyMap<string, Answer> = new Map(
  Object.entries(JSON.parse(readFileSync(join(FOLDER, 'answers.json'), 'utf8')) as Stored).map(([name, answer]) => [
    name,
    { inputs: toTensors(answer.inputs), outputs: toTensors(answer.outputs) },
  ]),
);
