import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readHead } from '../../source/read-text.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { graphDef, toGraph } from '../proto/graph-def.ts';
import { modelName } from './model-name.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 4096;
const NODE_NAME = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;
const OP_NAME = /^[A-Za-z_][A-Za-z0-9_>]*$/;

export const frozenGraph: Reader = {
  name: 'frozen-graph',
  looksFor: 'a frozen graph (.pb)',
  matches: source =>
    matchingFiles(source, /\.pb$/i, async path => startsWithNode(await readHead(source, path, HEAD_BYTES))),
  async read(source, path) {
    const graph = toGraph(decodeBinary(graphDef, await source.read(path)));
    return { name: modelName(source), format: frozenGraph.name, ...graph, signatures: new Map() };
  },
};

export function startsWithNode(head: Uint8Array): boolean {
  const reader = new BinaryReader(head);
  const isField = (wanted: number): boolean => {
    const [number, wireType] = reader.tag();
    return number === wanted && wireType === WireType.LengthDelimited;
  };
  try {
    if (!isField(1)) return false;
    reader.uint32();
    return isField(1) && NODE_NAME.test(reader.string(true)) && isField(2) && OP_NAME.test(reader.string(true));
  } catch {
    return false;
  }
}
