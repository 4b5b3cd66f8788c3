import { decodeBinary } from '../../wire/binary.ts';
import { WireReader, WireType } from '../../wire/wire-reader.ts';
import { graphDef, toGraph } from '../proto/graph-def.ts';
import type { ReadContents } from './reader.ts';

const NODE_NAME = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;
const OP_NAME = /^[A-Za-z_][A-Za-z0-9_>]*$/;

export const readFrozenGraph: ReadContents = async (source, path) => ({
  ...toGraph(decodeBinary(graphDef, await source.read(path))),
  signatures: new Map(),
});

export function startsWithNode(head: Uint8Array): boolean {
  const reader = new WireReader(head);
  const isField = (wanted: number): boolean => {
    const [number, wireType] = reader.tag();
    return number === wanted && wireType === WireType.LengthDelimited;
  };
  try {
    if (!isField(1)) return false;
    reader.uint32();
    return isField(1) && NODE_NAME.test(reader.string()) && isField(2) && OP_NAME.test(reader.string());
  } catch {
    return false;
  }
}
