import { DecantError } from '../../errors.ts';
import { packStrings } from '../../tensor/strings.ts';
import { type Tensor, tensor, tensorOf } from '../../tensor/tensor.ts';
import { attrInt, attrString, attrType } from '../attrs.ts';
import type { DataType } from '../data-type.ts';
import type { TfNode, TfTensor } from '../model.ts';
import { constantElement } from '../proto/tensor-proto.ts';

export interface Table {
  readonly keys: TfTensor;
  readonly values: TfTensor;
}

const WHOLE_LINE = -2;
const LINE_NUMBER = -1;

export function tableFromText(table: TfNode, fill: TfNode, file: Uint8Array): Table {
  const what = `the vocabulary file of table '${table.name}'`;
  const text = new TextDecoder().decode(file);
  const offset = attrInt(fill, 'offset', 0);
  const size = attrInt(fill, 'vocab_size', -1);
  const all = text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .slice(offset);
  const lines = size < 0 ? all : all.slice(0, size);
  const delimiter = attrString(fill, 'delimiter', '\t');
  const column = (attr: string, defaultIndex: number): readonly string[] => {
    const index = attrInt(fill, attr, defaultIndex);
    return lines.map((line, i) => {
      if (index === WHOLE_LINE) return line;
      if (index === LINE_NUMBER) return String(i);
      const part = line.split(delimiter)[index];
      if (part === undefined) throw new DecantError('malformed', `line ${i + 1} of ${what} has no column ${index}`);
      return part;
    });
  };
  return {
    keys: toTfTensor(attrType(table, 'key_dtype'), column('key_index', WHOLE_LINE), what),
    values: toTfTensor(attrType(table, 'value_dtype'), column('value_index', LINE_NUMBER), what),
  };
}

function toTfTensor(dtype: DataType, strings: readonly string[], what: string): TfTensor {
  return { dtype, shape: [strings.length], data: () => toTensor(dtype, strings, what) };
}

function toTensor(dtype: DataType, strings: readonly string[], what: string): Tensor {
  const element = constantElement(dtype, what);
  if (element === 'string') return packStrings([strings.length], strings);
  const isInteger = element === 'i64' || element === 'i32';
  for (const text of strings) {
    if (!(isInteger ? /^\s*-?\d+\s*$/.test(text) : text.trim() !== '' && !Number.isNaN(Number(text)))) {
      throw new DecantError('malformed', `'${text}' in ${what} is not a number`);
    }
  }
  if (element === 'i64')
    return tensor(
      'i64',
      [strings.length],
      BigInt64Array.from(strings, text => BigInt(text.trim())),
    );
  return tensorOf(element, [strings.length], strings.map(Number));
}
