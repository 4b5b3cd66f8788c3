import { graphDef } from '../../../src/tf/proto/graph-def.ts';
import { parseProto, printPbtxt } from '../formats/protobuf.ts';
import { file, input, type Target, utf8 } from '../target.ts';
import { convert, GRAPHS } from './support.ts';

export const textGraph: Target = {
  name: 'text-graph',
  about: 'frozen graphs in text format, converted to IR',
  seeds: () => Promise.resolve(GRAPHS.map(graph => () => input(file('graph.pbtxt', parseProto(graphDef, graph))))),
  print: (_, content) => utf8(printPbtxt(content)),
  run: convert,
};
