import type { Builder } from '../../../ov/builder.ts';
import { constantOf, type Value } from '../../../ov/graph.ts';
import { Loop, type LoopInput } from '../../../ov/ops/control-flow.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { sizeAlong } from '../../../ov/shorthand.ts';
import { vector } from '../../../tensor/tensor.ts';
import { EACH_ITEM, firstItems } from '../../control/emit-loop.ts';

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
  const always = b.constant(vector('boolean', [1]));
  const outputs = b.addWithBodies(
    Loop,
    [count, b.scalar('boolean', 1), ...parameters.keys()],
    {
      inputs: [
        ...[...parameters].map((_, i): LoopInput => ({ kind: 'invariant', input: i + 2 })),
        { kind: 'iteration' },
      ],
      outputs: computed.map((_, from) => ({ kind: 'concatenated', from, slicing: EACH_ITEM })),
      condition: computed.length,
    },
    [
      {
        name: 'image',
        inputs: new Map([...parameters.values(), iteration].map(value => [value.node.name, value])),
        outputs: new Map([
          ...computed.map((value, i): [string, Value] => [`result${i}`, value]),
          ['condition', always],
        ]),
      },
    ],
  );
  return outputs.map(value => firstItems(value, count, b));
}
