import { DecantError } from '../../errors.ts';
import { packStrings } from '../../tensor/strings.ts';
import { type Tensor, tensor, tensorOf } from '../../tensor/tensor.ts';
import { attrInt, attrString, attrType } from '../attrs.ts';
import type { DataType } from '../data-type.ts';
import type { TfNode, TfTensor } from '../model.ts';
import { constantElement } from '../proto/tensor-proto.ts';

/** A table's keys and values, both vectors of one length. */
export interface Table {
  readonly keys: TfTensor;
  readonly values: TfTensor;
}

/** What stands for a whole line, and for its number, in the place of a column's index. */
const WHOLE_LINE = -2;
const LINE_NUMBER = -1;

/** The table that a file of text fills: a line for each key, whose parts a delimiter separates. */
export function tableFromText(table: TfNode, fill: TfNode, file: Uint8Array): Table {
  const what = `the file that fills table '${table.name}'`;
  const text = new TextDecoder().decode(file);
  const offset = attrInt(fill, 'offset', 0);
  const size = attrInt(fill, 'vocab_size', -1);
  const all = text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .slice(offset);
  const lines = size < 0 ? all : all.slice(0, size);
  const delimiter = attrString(fill, 'delimiter', '\t');
  const column = (attr: string, fallback: number): readonly string[] => {
    const index = attrInt(fill, attr, fallback);
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

function toTfTensor(dtype: DataType, texts: readonly string[], what: string): TfTensor {
  return { dtype, shape: [texts.length], data: () => toTensor(dtype, texts, what) };
}

function toTensor(dtype: DataType, texts: readonly string[], what: string): Tensor {
  const element = constantElement(dtype, what);
  if (element === 'string') return packStrings([texts.length], texts);
  const isInteger = element === 'i64' || element === 'i32';
  for (const text of texts) {
    if (!(isInteger ? /^\s*-?\d+\s*$/.test(text) : text.trim() !== '' && !Number.isNaN(Number(text)))) {
      throw new DecantError('malformed', `'${text}' in ${what} is not a number`);
    }
  }
  if (element === 'i64')
    return tensor(
      'i64',
      [texts.length],
      BigInt64Array.from(texts, text => BigInt(text.trim())),
    );
  return tensorOf(element, [texts.length], texts.map(Number));
}
