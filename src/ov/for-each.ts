import { vector } from '../tensor/tensor.ts';
import type { Builder } from './builder.ts';
import type { Value } from './graph.ts';
import { Loop, type LoopInput, type Slicing } from './ops/control-flow.ts';

/** One element of the first axis in each iteration. */
export const EACH_ITEM: Slicing = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 };

export interface EachBody {
  readonly name: string;
  /** Parameters by name, in the order of the arguments. */
  readonly inputs: ReadonlyMap<string, Value>;
  /** The parameter i64 [1] for the number of the iteration. */
  readonly iteration: Value;
  readonly outputs: ReadonlyMap<string, Value>;
}

/**
 * Adds a Loop whose iterations all take the same arguments, and returns their outputs, concatenated.
 *
 * @param count of iterations: i64 [] or [1]
 * @param slicings where each output is in the concatenated one
 */
export function forEach(
  b: Builder,
  count: Value,
  args: readonly Value[],
  { name, inputs, iteration, outputs }: EachBody,
  slicings: readonly Slicing[] = Array.from(outputs, () => EACH_ITEM),
): readonly Value[] {
  const always = b.constant(vector('boolean', [1]));
  return b.addWithBodies(
    Loop,
    [count, b.scalar('boolean', 1), ...args],
    {
      // Inputs 0 and 1 of the Loop are trip count and condition.
      inputs: [...args.map((_, i): LoopInput => ({ kind: 'invariant', input: i + 2 })), { kind: 'iteration' }],
      outputs: slicings.map((slicing, from) => ({ kind: 'concatenated', from, slicing })),
      condition: outputs.size,
    },
    [
      {
        name,
        inputs: new Map([...inputs, [iteration.node.name, iteration]]),
        outputs: new Map([...outputs, ['condition', always]]),
      },
    ],
  );
}
