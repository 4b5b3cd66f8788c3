import type { Port, Ports, Tensors } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import { openSource } from '../platform/open-source.ts';
import type { Source } from '../source/source.ts';
import { isReal } from '../tensor/element-type.ts';
import { numbersOf, type Tensor, tensorOf } from '../tensor/tensor.ts';
import type { VerifyCase } from './cases.ts';
import { readNpy } from '../tensor/npy.ts';

const EXTENSION = '.npy';

const ONLY_INPUT = 'input';

const HOW = 'Store arrays as CASE/INPUT and CASE/OUTPUT with numpy.savez; the only input may be called `input`.';

/**
 * Reads stored inputs and outputs from an `.npz`, with keys like `CASE/input` and `CASE/detection_boxes`, or `input` and
 * `detection_boxes` for a single case; `input` also stands for the only input of any name.
 */
export async function goldenCases(path: string, ports: Ports): Promise<readonly VerifyCase[]> {
  const source = await openSource(path);
  const files = (await source.list()).filter(file => file.endsWith(EXTENSION));
  if (files.length === 0) {
    throw new DecantError('malformed', `'${path}' is not an archive of NumPy arrays (.npz)`, { remedy: HOW });
  }
  const cases = new Map<string, Map<string, string>>();
  const names = namesOf(ports);
  for (const file of files) {
    const key = file.slice(0, -EXTENSION.length);
    const name = names.find(known => key === known || key.endsWith(`/${known}`)) ?? key.replace(/^[^/]*\//, '');
    const title = key.slice(0, Math.max(0, key.length - name.length - 1));
    cases.set(title, (cases.get(title) ?? new Map<string, string>()).set(name, file));
  }
  return [...cases].map(([title, arrays]) => goldenCase(source, ports, title, arrays));
}

/** Names that keys may end in; the longest first, because one may be the end of another. */
const namesOf = ({ inputs, outputs }: Ports): readonly string[] =>
  [...[...inputs, ...outputs].flatMap(port => port.names), ...(inputs.length === 1 ? [ONLY_INPUT] : [])].sort(
    (a, b) => b.length - a.length,
  );

function goldenCase(source: Source, { inputs }: Ports, title: string, arrays: ReadonlyMap<string, string>): VerifyCase {
  const missing = (part: string): DecantError =>
    new DecantError('not-found', `'${source.name}' has no ${part}${title === '' ? '' : ` for the case ${title}`}`, {
      remedy: HOW,
    });
  const fed = inputs.map(port => {
    const key = port.names.find(name => arrays.has(name)) ?? (inputs.length === 1 ? ONLY_INPUT : '');
    const file = arrays.get(key);
    if (file === undefined) throw missing(`input '${port.names[0] ?? ''}'`);
    return { key, file, port };
  });
  const keys = new Set(fed.map(({ key }) => key));
  const outputs = [...arrays].filter(([name]) => !keys.has(name));
  if (outputs.length === 0) throw missing('output');
  const read = async (file: string): Promise<Tensor> => readNpy(await source.read(file), file);
  return {
    name: title === '' ? source.name : title,
    inputs: () =>
      readAll(fed.map(({ port, file }) => [port.names[0]!, async () => convertTo(await read(file), port, file)])),
    expected: () => readAll(outputs.map(([name, file]) => [name, () => read(file)])),
  };
}

async function readAll(parts: readonly (readonly [string, () => Promise<Tensor>])[]): Promise<Tensors> {
  return Object.fromEntries(await Promise.all(parts.map(async ([name, read]) => [name, await read()] as const)));
}

function convertTo(array: Tensor, { type }: Port, file: string): Tensor {
  if (array.type === type) return array;
  const numbers = numbersOf(array);
  const converted = tensorOf(type, array.shape, numbers);
  const after = numbersOf(converted);
  if (isReal(type) || numbers.every((number: number, i) => number === after[i])) return converted;
  throw new DecantError('invalid-argument', `'${file}' contains numbers that an input of type ${type} cannot hold`);
}
