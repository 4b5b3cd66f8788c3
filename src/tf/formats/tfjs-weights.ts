import { DecantError } from '../../errors.ts';
import { folderOf, resolvePath } from '../../source/paths.ts';
import type { Source } from '../../source/source.ts';
import { byteLengthOf } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { numbersOf, sizeOf, type Tensor, tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import { message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import { type DataType, partTypeOf } from '../data-type.ts';
import type { TfTensor } from '../model.ts';
import { constantElement } from '../proto/tensor-proto.ts';

const quantizationInfo = message('quantization', {
  dtype: one(1, 'string'),
  scale: optional(2, 'double'),
  min: optional(3, 'double'),
});

const weightEntry = message('weight', {
  name: one(1, 'string'),
  shape: repeated(2, 'int64'),
  dtype: one(3, 'string'),
  quantization: optional(4, quantizationInfo),
});

export const weightGroup = message('weight group', {
  paths: repeated(1, 'string'),
  weights: repeated(2, weightEntry),
});

type WeightGroup = RecordOf<typeof weightGroup>;
type WeightEntry = RecordOf<typeof weightEntry>;

const TYPES = new Map<string, { readonly dtype: DataType; readonly bytes: number }>([
  ['float32', { dtype: 'DT_FLOAT', bytes: 4 }],
  ['int32', { dtype: 'DT_INT32', bytes: 4 }],
  ['bool', { dtype: 'DT_BOOL', bytes: 1 }],
  ['complex64', { dtype: 'DT_COMPLEX64', bytes: 8 }],
]);

const STORAGE_TYPES = new Map<string, 'u8' | 'u16' | 'f16'>([
  ['uint8', 'u8'],
  ['uint16', 'u16'],
  ['float16', 'f16'],
]);

export async function readWeights(
  source: Source,
  model: string,
  groups: readonly WeightGroup[],
): Promise<ReadonlyMap<string, TfTensor>> {
  const weights = new Map<string, TfTensor>();
  for (const group of groups) {
    const bytes = await readShards(source, folderOf(model), group.paths);
    let offset = 0;
    for (const entry of group.weights) {
      const { weight, size } = toWeight(entry, bytes.subarray(offset));
      offset += size;
      if (offset > bytes.byteLength)
        throw await wrongSize(group, bytes, `weight '${entry.name}' ends at byte ${offset}`);
      if (weights.has(entry.name)) throw new DecantError('malformed', `two weights are named '${entry.name}'`);
      weights.set(entry.name, weight);
    }
    if (offset !== bytes.byteLength) throw await wrongSize(group, bytes, `the weights end at byte ${offset}`);
  }
  return weights;
}

async function readShards(source: Source, folder: string, names: readonly string[]): Promise<Uint8Array> {
  const paths = names.map(name => {
    const path = resolvePath(folder, name);
    if (path === undefined) throw new DecantError('malformed', `weights file '${name}' is outside the model folder`);
    return path;
  });
  const [first] = paths;
  if (first !== undefined && paths.length === 1) return source.read(first);
  const sizes = await Promise.all(paths.map(path => source.size(path)));
  const whole = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let offset = 0;
  for (const path of paths) {
    const shard = await source.read(path);
    whole.set(shard, offset);
    offset += shard.byteLength;
  }
  return whole;
}

function toWeight(entry: WeightEntry, bytes: Uint8Array): { readonly weight: TfTensor; readonly size: number } {
  const { name, shape, dtype: typeName, quantization } = entry;
  const what = `weight '${name}'`;
  const count = sizeOf(shape);
  if (!shape.every(dim => dim >= 0)) throw new DecantError('malformed', `the shape of ${what} is not static`);
  if (typeName === 'string') {
    const { strings, size } = readStrings(bytes, count, what);
    return { weight: { dtype: 'DT_STRING', shape, data: () => packStrings(shape, strings) }, size };
  }
  const type = TYPES.get(typeName);
  if (type === undefined) throw unknownType(what, typeName);
  const size =
    quantization === undefined ? count * type.bytes : byteLengthOf(storageTypeOf(quantization.dtype, what), count);
  let decoded: Tensor | undefined;
  const data = (): Tensor => (decoded ??= decode(entry, type.dtype, bytes.subarray(0, size), what));
  return { weight: { dtype: type.dtype, shape, data }, size };
}

function decode({ shape, quantization }: WeightEntry, dtype: DataType, bytes: Uint8Array, what: string): Tensor {
  const part = partTypeOf(dtype);
  if (part !== undefined && quantization === undefined) return tensorFromBytes(part, [...shape, 2], bytes);
  const element = constantElement(dtype, what);
  if (quantization === undefined) return tensorFromBytes(element, shape, bytes);
  const stored = storageTypeOf(quantization.dtype, what);
  const numbers = numbersOf(tensorFromBytes(stored, shape, bytes));
  if (stored === 'f16' && element === 'f32') return tensor(element, shape, numbers);
  const { scale, min } = quantization;
  if (stored === 'f16' || scale === undefined || min === undefined || (element !== 'f32' && element !== 'i32')) {
    throw new DecantError('malformed', `${what} has no quantization parameters to restore ${element} from ${stored}`);
  }
  const data = element === 'f32' ? new Float32Array(numbers.length) : new Int32Array(numbers.length);
  const round = element === 'f32' ? (value: number): number => value : Math.round;
  for (let i = 0; i < data.length; i++) data[i] = round(numbers[i]! * scale + min);
  return tensor(element, shape, data);
}

function storageTypeOf(name: string, what: string): 'u8' | 'u16' | 'f16' {
  const stored = STORAGE_TYPES.get(name);
  if (stored === undefined) throw unknownType(what, name);
  return stored;
}

function readStrings(bytes: Uint8Array, count: number, what: string): { strings: readonly Uint8Array[]; size: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: Uint8Array[] = [];
  let size = 0;
  for (let i = 0; i < count; i++) {
    const start = size + 4;
    size = start <= bytes.byteLength ? start + view.getUint32(size, true) : Infinity;
    if (size > bytes.byteLength) throw new DecantError('malformed', `${what} runs past the end of its file`);
    strings.push(bytes.subarray(start, size));
  }
  return { strings, size };
}

const unknownType = (what: string, type: string): DecantError =>
  new DecantError('unsupported', `${what} has unknown type '${type}'`, {
    remedy: 'Convert the model again with tensorflowjs_converter, without that type.',
  });

async function wrongSize({ paths }: WeightGroup, bytes: Uint8Array, problem: string): Promise<DecantError> {
  const { foreignFormat } = await import('./foreign-formats.ts');
  const foreign = foreignFormat('', bytes);
  if (foreign !== undefined) {
    return new DecantError('not-a-model', `'${paths[0] ?? ''}' is not a weights file but ${foreign.is}`, {
      remedy: foreign.remedy,
    });
  }
  return new DecantError(
    'malformed',
    `${paths.join(', ')}: ${problem}, but the files end at byte ${bytes.byteLength}`,
    {
      remedy: 'Download the weights again: they are incomplete, or belong to another model.',
    },
  );
}
