import { list, numeric, text, type Tree } from '../tree.ts';

/** Parses a JSON text. Labels are keys, in arrays those of the array. */
export const parseJson = (json: string): Tree => toTree('', JSON.parse(json));

function toTree(label: string, value: unknown): Tree {
  if (typeof value === 'string') return text(label, 'string', value);
  if (typeof value === 'number') return numeric(label, 'number', value);
  if (typeof value !== 'object' || value === null) return text(label, 'literal', String(value));
  if (Array.isArray(value))
    return list(
      label,
      'array',
      value.map(item => toTree(label, item)),
    );
  return list(
    label,
    'object',
    Object.entries(value).map(([key, item]) => toTree(key, item)),
  );
}

export function printJson(tree: Tree): string {
  switch (tree.kind) {
    case 'list': {
      const items = tree.items.map(printJson);
      if (tree.form === 'array') return `[${items.join(',')}]`;
      return `{${items.map((item, i) => `${JSON.stringify(tree.items[i]!.label)}:${item}`).join(',')}}`;
    }
    case 'text':
      return tree.form === 'literal' ? tree.value : JSON.stringify(tree.value);
    case 'number':
      // Numbers without a JSON form are written as numbers too large for a double.
      return Number.isFinite(Number(tree.value)) ? String(tree.value) : '-1e999';
    case 'bytes':
      return JSON.stringify(Buffer.from(tree.value).toString('base64'));
  }
}
