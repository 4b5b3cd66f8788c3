import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import type { Shape } from '../../tensor/dim.ts';
import { asValue, isList, type Operand, type TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { asCondition } from './branch.ts';
import { countBody } from './budget.ts';
import { type BodyList, fromTensor, itemAt, lengthOf, stack } from './lists.ts';

/** How a loop carries one of its variables. */
export type Plan =
  /** As a tensor: the variable itself, or all items of a list. Of the axes in `open` the sizes change from turn to turn. */
  | { readonly kind: 'tensor'; readonly start: Value; readonly shape: Shape; readonly open: ReadonlySet<number> }
  /** Not at all, because it is the same constant in every turn. */
  | { readonly kind: 'constant'; readonly start: Value }
  /** Not at all, because it is a list to which each turn does nothing but add its item: these are joined in the end. */
  | { readonly kind: 'joined'; readonly start: TensorList };

/** What a body does with a list that it should do nothing with but add to it. */
export interface ListUse {
  /** The parameter that is the list's length. */
  length?: Value;
  /** What stands for the number of an item that it adds behind the others. */
  end?: Value;
  /** That it needs the items, which are of this shape if the list does not know. */
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

/** The values of the variables after a turn. */
export function iteration(op: TfOp, b: Builder, values: readonly Operand[]): readonly Operand[] {
  countBody(b);
  const results = op.call('body', values);
  if (results.length === values.length) return results;
  throw new DecantError('malformed', `the body of ${op.type} gives ${results.length} values for ${values.length}`);
}

export function translateBody(op: TfOp, b: Builder, plans: readonly Plan[]): LoopBody {
  const uses = new Map<number, ListUse>();
  const parameters = plans.map((plan, i): Operand => {
    if (plan.kind === 'constant') return plan.start;
    if (plan.kind === 'joined') {
      const use: ListUse = {};
      uses.set(i, use);
      return bodyList(plan.start, `length${i}`, use, b);
    }
    const parameter = b.parameter(`v${i}`, plan.start.type, plan.shape);
    return isList(op.operand(i)) ? fromTensor(parameter) : parameter;
  });
  const results = iteration(op, b, parameters).map((result, i) =>
    isList(result) && plans[i]!.kind === 'tensor' ? fromTensor(stack(result, b)) : result,
  );
  return { parameters, results, uses, condition: conditionOf(op, b, results) };
}

/** A list as its loop's body sees it, which notes what becomes of it. */
const bodyList = (list: TensorList, lengthName: string, use: ListUse, b: Builder): BodyList => ({
  list: 'loop',
  get count() {
    const length = lengthOf(list, b);
    if (length.node.constant !== undefined) return length;
    use.length ??= b.parameter(lengthName, length.type, length.shape);
    return use.length;
  },
  get end() {
    return (use.end ??= b.parameter('end', 'i32', []));
  },
  read(index) {
    return itemAt(b, this.whole(undefined), index);
  },
  // The body is translated again with a parameter in its place.
  whole(itemShape) {
    use.whole ??= { itemShape };
    return stack(list, b, itemShape);
  },
});
