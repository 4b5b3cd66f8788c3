import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import type { Shape } from '../../tensor/dim.ts';
import { asValue, isList, type Operand, type TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { asCondition } from './branch.ts';
import { type BodyList, fromTensor, itemAt, lengthOf, stack } from './tensor-lists.ts';

/**
 * `tensor` is a tensor, or a tensor list as its stacked items; the sizes of the axes in `dynamicAxes` change between
 * iterations. `constant` is the same in every iteration, so the Loop does not carry it. `concatenated` is a list that each
 * iteration only appends an item to: a concatenated output of the Loop.
 */
export type LoopVariable =
  | { readonly kind: 'tensor'; readonly start: Value; readonly shape: Shape; readonly dynamicAxes: ReadonlySet<number> }
  | { readonly kind: 'constant'; readonly start: Value }
  | { readonly kind: 'concatenated'; readonly start: TensorList };

/**
 * How a body used a list that was assumed to be concatenated. `length` is a parameter, `end` a placeholder for the index of
 * an appended item. `stacked` is set if the body reads items, which refutes the assumption.
 */
export interface ListUse {
  length?: Value;
  end?: Value;
  stacked?: { readonly itemShape: Shape | undefined };
}

export interface LoopBody {
  readonly parameters: readonly Operand[];
  readonly results: readonly Operand[];
  readonly uses: ReadonlyMap<number, ListUse>;
  readonly condition: Value;
}

export const conditionOf = (op: TfOp, b: Builder, values: readonly Operand[]): Value =>
  asCondition(b, asValue(op.call('cond', values)[0]!, 'the loop condition'));

export function iteration(op: TfOp, values: readonly Operand[]): readonly Operand[] {
  const results = op.call('body', values);
  if (results.length === values.length) return results;
  throw new DecantError(
    'malformed',
    `the body of ${op.type} returns ${results.length} values for ${values.length} loop variables`,
  );
}

export function translateBody(op: TfOp, b: Builder, variables: readonly LoopVariable[]): LoopBody {
  const uses = new Map<number, ListUse>();
  const parameters = variables.map((variable, i): Operand => {
    if (variable.kind === 'constant') return variable.start;
    if (variable.kind === 'concatenated') {
      const use: ListUse = {};
      uses.set(i, use);
      return bodyList(variable.start, `length${i}`, use, b);
    }
    const parameter = b.parameter(`v${i}`, variable.start.type, variable.shape);
    return isList(op.operand(i)) ? fromTensor(parameter) : parameter;
  });
  const results = iteration(op, parameters).map((result, i) =>
    isList(result) && variables[i]!.kind === 'tensor' ? fromTensor(stack(result, b)) : result,
  );
  return { parameters, results, uses, condition: conditionOf(op, b, results) };
}

const bodyList = (list: TensorList, lengthName: string, use: ListUse, b: Builder): BodyList => ({
  list: 'loop',
  grows: 'grows' in list && list.grows,
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
    return itemAt(b, this.stacked(undefined), index);
  },
  // Only a placeholder: the use makes emitLoop translate the body again, with a parameter instead.
  stacked(itemShape) {
    use.stacked ??= { itemShape };
    return stack(list, b, itemShape);
  },
});
