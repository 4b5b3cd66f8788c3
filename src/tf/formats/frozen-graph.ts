import { readHead } from '../../source/read-text.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 4096;

export const frozenGraph: Reader = {
  name: 'frozen-graph',
  looksFor: 'a frozen graph (.pb)',
  matches: source =>
    matchingFiles(source, /\.pb$/i, async path => {
      const { startsWithNode } = await import('./read-frozen-graph.ts');
      return startsWithNode(await readHead(source, path, HEAD_BYTES));
    }),
  load: async () => (await import('./read-frozen-graph.ts')).readFrozenGraph,
};
