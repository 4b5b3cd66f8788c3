import { vector } from '../tensor/tensor.ts';
import type { Builder } from '../ov/builder.ts';
import type { Node, Value } from '../ov/graph.ts';
import { Add, Divide, FloorMod, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Reshape } from '../ov/ops/shape.ts';
import { concat, constantLike, sizesAlong } from '../ov/shorthand.ts';
import { heatMapOf } from './final-steps.ts';

export const classesOfHeatMap = (topK: Node): number => Number(heatMapOf(topK)!.shape[3]);

/** The TopK of a heat map [B, H, W, C] with some of its classes. Returns positions in the whole map, as before. */
export function keepInHeatMap(b: Builder, topK: Node, keep: readonly number[]): readonly Value[] {
  const map = heatMapOf(topK)!;
  const kept = b.add(Gather, [map, b.i64(...keep), b.scalar('i64', 3)]);
  const flat = b.add(Reshape, [kept, concat(b, 0, [sizesAlong(b, map, 0), b.i64(-1)])]);
  const [values, indices] = b.rebuild(topK, topK.inputs.with(0, flat)) as readonly [Value, Value];
  const position = b.add(FloorMod, [indices, constantLike(b, indices, keep.length)]);
  const place = b.add(Divide, [b.add(Subtract, [indices, position]), constantLike(b, indices, keep.length)]);
  const first = b.add(Multiply, [place, constantLike(b, indices, classesOfHeatMap(topK))]);
  const former = b.add(Gather, [b.constant(vector(indices.type, keep)), position, b.scalar('i64', 0)]);
  return [values, b.add(Add, [first, former])];
}
