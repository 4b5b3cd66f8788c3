import { describe, expect, it } from 'vitest';
import { type Attrs, int, node, text, type } from '../../../test/support/tf-records.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import type { DataType } from '../data-type.ts';
import { tableFromText } from './table-from-text.ts';

const read = (file: string, attrs: Attrs, key: DataType = 'DT_INT64', value: DataType = 'DT_INT32') => {
  const table = node('t', 'HashTableV2', [], { key_dtype: type(key), value_dtype: type(value) });
  return tableFromText(table, node('fill', 'InitializeTableFromTextFileV2', [], attrs), new TextEncoder().encode(file));
};

describe('tableFromText', () => {
  it('maps whole lines to line numbers by default', () => {
    const { keys, values } = read('cat\r\nsea dog\r\n\r\n', {}, 'DT_STRING', 'DT_INT64');
    expect(unpackStrings(keys.data())).toEqual(['cat', 'sea dog', '']);
    expect([...values.data().data]).toEqual([0n, 1n, 2n]);
    expect([keys.shape, values.shape]).toEqual([[3], [3]]);
  });

  it('selects columns and a range of lines', () => {
    const attrs = { key_index: int(1), value_index: int(0), delimiter: text(';'), offset: int(1), vocab_size: int(2) };
    const { keys, values } = read('# head\n7; -9007199254740993\n8;2;x\n9;3', attrs);
    expect([...keys.data().data]).toEqual([-9007199254740993n, 2n]);
    expect([...values.data().data]).toEqual([7, 8]);
  });

  it('reports the invalid line or value', () => {
    const columns = { key_index: int(0), value_index: int(1) };
    expect(() => read('1\t2\n3', columns)).toThrow(`line 2 of the vocabulary file of table 't' has no column 1`);
    expect(() => read('1\tx', columns).values.data()).toThrow(
      `'x' in the vocabulary file of table 't' is not a number`,
    );
    expect(() => read('1.5\t2', columns).keys.data()).toThrow(`'1.5' in`);
    expect(() => read('1\t', columns, 'DT_INT64', 'DT_FLOAT').values.data()).toThrow(`'' in`);
    expect(() => read('1\t2', columns, 'DT_VARIANT').keys.data()).toThrow('DT_VARIANT');
  });
});
