import { graphDef } from '../../../src/tf/proto/graph-def.ts';
import { parseProto, printProto } from '../formats/protobuf.ts';
import { file, input, type Target } from '../target.ts';
import { convert, GRAPHS } from './support.ts';

export const frozenGraph: Target = {
  name: 'frozen-graph',
  about: 'frozen graphs, converted to IR',
  seeds: () => Promise.resolve(GRAPHS.map(graph => () => input(file('graph.pb', parseProto(graphDef, graph))))),
  print: (_, content) => printProto(content),
  run: convert,
};
