import { list, text, type Tree } from '../tree.ts';

const WORD = /[\w.]+|\s+|[^\w\s]/g;

/** Parses a text into lines of words, spaces and punctuation. */
export const parseLines = (content: string): Tree =>
  list(
    'text',
    'lines',
    content.split('\n').map(line =>
      list(
        'line',
        'line',
        (line.match(WORD) ?? []).map(word => text('word', 'word', word)),
      ),
    ),
  );

export const printLines = (tree: Tree): string =>
  tree.kind === 'list' ? tree.items.map(printLines).join(tree.form === 'lines' ? '\n' : '') : String(tree.value);
