import type { Builder } from '../../../ov/builder.ts';
import { constantOf, type Value } from '../../../ov/graph.ts';
import { forEach } from '../../../ov/for-each.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { sizeAlong } from '../../../ov/shorthand.ts';
import { firstItems } from '../../control/emit-loop.ts';

/**
 * Computes values of one image after the other, in a loop, and joins them.
 *
 * @param batches values of all images [B, ...]; the loop takes one image [1, ...] of each
 * @param shared values that are the same for all images; constants stay constants in the loop
 * @param compute returns values [1, ...] of an image
 */
export function eachImage(
  b: Builder,
  batches: readonly Value[],
  shared: readonly Value[],
  compute: (images: readonly Value[], shared: readonly Value[]) => readonly Value[],
): readonly Value[] {
  const passed = [...batches, ...shared.filter(value => constantOf(value) === undefined)];
  const parameters = new Map(passed.map((value, i) => [value, b.parameter(`arg${i}`, value.type, value.shape)]));
  const iteration = b.parameter('iteration', 'i64', [1]);
  const images = batches.map(batch => b.add(Gather, [parameters.get(batch)!, iteration, b.scalar('i64', 0)]));
  const computed = compute(
    images,
    shared.map(value => parameters.get(value) ?? value),
  );
  const count = sizeAlong(b, batches[0]!, 0);
  const outputs = forEach(b, count, [...parameters.keys()], {
    name: 'image',
    inputs: new Map([...parameters.values()].map(value => [value.node.name, value])),
    iteration,
    outputs: new Map(computed.map((value, i) => [`result${i}`, value])),
  });
  return outputs.map(value => firstItems(value, count, b));
}
