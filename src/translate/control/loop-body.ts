import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import type { Shape } from '../../tensor/dim.ts';
import { asValue, isList, type Operand, type TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { squeeze } from '../values.ts';
import { asCondition } from './branch.ts';
import { type BodyList, fromTensor, lengthOf, stack } from './lists.ts';

/** Bodies translated for one model, turn by turn or again and again: loops of loops multiply what each of them needs. */
const MOST_BODIES = 10_000;

/** How a loop carries one of its variables. */
export type Plan =
  /** As a tensor: the variable itself, or the items of a list. Of the axes in `open` the sizes change from turn to turn. */
  | { readonly kind: 'tensor'; readonly start: Value; readonly shape: Shape; readonly open: ReadonlySet<number> }
  /** Not at all, because it is the same constant in every turn. */
  | { readonly kind: 'constant'; readonly start: Value }
  /** As a list of which each turn reads and writes the item of its own number. */
  | { readonly kind: 'items'; readonly start: TensorList };

/** What a body does with a list that is carried item by item. */
export interface ListUse {
  /** The numbers of the items that it reads. */
  readonly indices: Set<Value>;
  /** The parameter that is the item of the turn, and the one that is the length of the list. */
  item?: Value;
  length?: Value;
  /** It needs more than one item, and that of this shape where the list does not know it. */
  whole?: { readonly itemShape: Shape | undefined };
}

/** A body as it was translated once, with parameters of its own. */
export interface LoopBody {
  readonly parameters: readonly Operand[];
  readonly results: readonly Operand[];
  readonly uses: ReadonlyMap<number, ListUse>;
  /** Whether another turn follows. */
  readonly condition: Value;
}

/** Whether a turn follows for these values of the variables. */
export const conditionOf = (op: TfOp, b: Builder, values: readonly Operand[]): Value =>
  asCondition(b, asValue(op.call('cond', values)[0]!, 'the condition of a loop'));

const translated = new WeakMap<Builder, number>();

/** The values of the variables after a turn. */
export function turn(op: TfOp, b: Builder, values: readonly Operand[]): readonly Operand[] {
  const count = (translated.get(b) ?? 0) + 1;
  if (count > MOST_BODIES) throw new DecantError('limit', `the loops of the model take more than ${MOST_BODIES} turns`);
  translated.set(b, count);
  const results = op.call('body', values);
  if (results.length === values.length) return results;
  throw new DecantError('malformed', `the body of ${op.type} gives ${results.length} values for ${values.length}`);
}

export function translateBody(op: TfOp, b: Builder, plans: readonly Plan[]): LoopBody {
  const uses = new Map<number, ListUse>();
  const parameters = plans.map((plan, i): Operand => {
    if (plan.kind === 'constant') return plan.start;
    if (plan.kind === 'items') {
      const use: ListUse = { indices: new Set() };
      uses.set(i, use);
      return bodyList(plan.start, `${i}`, use, b);
    }
    const parameter = b.parameter(`v${i}`, plan.start.type, plan.shape);
    return isList(op.operand(i)) ? fromTensor(parameter) : parameter;
  });
  const results = turn(op, b, parameters).map((result, i) =>
    isList(result) && plans[i]!.kind === 'tensor' ? fromTensor(stack(result, b)) : result,
  );
  return { parameters, results, uses, condition: conditionOf(op, b, results) };
}

/** A list as its loop's body sees it, which notes what becomes of it. */
const bodyList = (list: TensorList, suffix: string, use: ListUse, b: Builder): BodyList => ({
  list: 'loop',
  get count() {
    const length = lengthOf(list, b);
    if (length.node.constant !== undefined) return length;
    use.length ??= b.parameter(`length${suffix}`, length.type, length.shape);
    return use.length;
  },
  read(index) {
    use.indices.add(index);
    const { type, shape } = stack(list, b);
    use.item ??= b.parameter(`item${suffix}`, type, [1, ...shape.slice(1)]);
    return squeeze(b, use.item, 0);
  },
  whole(itemShape) {
    use.whole ??= { itemShape };
    return stack(list, b, itemShape);
  },
});
