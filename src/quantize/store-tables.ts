import type { Builder } from '../ov/builder.ts';
import { type Graph, type Value } from '../ov/graph.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Convert } from '../ov/ops/type.ts';
import { rewrite } from '../ov/rewrite.ts';
import { isDeferred, tensor, type Tensor } from '../tensor/tensor.ts';

/** Elements below which a table saves little. */
const FEWEST = 1024;

/** Entries of a table, so that an index is a byte. */
const ENTRIES = 256;

/**
 * Stores f32 constants with few different numbers, such as the sizes of anchors, as a table and a byte for each element.
 * OpenVINO computes the constants when it compiles the model, so results and speed stay the same.
 */
export const storeTables = (graph: Graph): Graph =>
  rewrite(graph, (node, { b }) => {
    const { constant } = node;
    const table = constant === undefined ? undefined : tableOf(constant);
    if (table === undefined) return undefined;
    b.origin = node.name;
    return [lookUp(b, table)];
  });

interface Table {
  readonly entries: Tensor;
  readonly indices: Tensor;
}

function tableOf(constant: Tensor): Table | undefined {
  const { type, shape, data } = constant;
  if (type !== 'f32' || data.length < FEWEST || isDeferred(constant)) return undefined;
  // Numbers are compared by their bits: 0 and -0 are different.
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const indexOf = new Map<number, number>();
  const indices = new Uint8Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const index = indexOf.get(word) ?? indexOf.size;
    if (index === ENTRIES) return undefined;
    indexOf.set(word, index);
    indices[i] = index;
  }
  const entries = new Float32Array(Uint32Array.from(indexOf.keys()).buffer);
  return { entries: tensor('f32', [entries.length], entries), indices: tensor('u8', shape, indices) };
}

function lookUp(b: Builder, { entries, indices }: Table): Value {
  // Marked as decompression, which keeps the builder from computing the constant again.
  const wide = b.add(Convert, [b.constant(indices)], { destination_type: 'i32', decompression: true });
  return b.add(Gather, [b.constant(entries), wide, b.scalar('i32', 0)]);
}
