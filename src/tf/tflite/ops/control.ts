import { DecantError } from '../../../errors.ts';
import type { AttrValue } from '../../model.ts';
import { ifOptions, variableKey, varHandleOptions, whileOptions } from '../control-options.ts';
import type { LiteOp, LiteTranslator } from '../lite-op.ts';
import { isSameQuantization, type LiteTensor } from '../lite-tensor.ts';

type Tensors = readonly (LiteTensor | undefined)[];

/** Called with tensors of other levels, the same integers would stand for other reals. */
function checkPassed(what: string, given: Tensors, taken: Tensors): void {
  if (given.length !== taken.length)
    throw new DecantError('malformed', `${what} ${taken.length} tensors, but gets ${given.length}`);
  given.forEach((tensor, i) => {
    const other = taken[i];
    if (tensor === undefined || other === undefined) return;
    if (tensor.dtype !== other.dtype)
      throw new DecantError('malformed', `${what} ${other.dtype}, but gets ${tensor.dtype}`);
    if (isSameQuantization(tensor, other)) return;
    throw new DecantError(
      'unsupported',
      `${what} '${other.stored}', whose scale or zero point is not that of '${tensor.stored}'`,
      {
        remedy: 'Convert the model to TensorFlow Lite again without quantization.',
      },
    );
  });
}

const toCall = (name: string): AttrValue => ({ kind: 'func', value: { name, attrs: new Map() } });

function branch(op: LiteOp, index: number): AttrValue {
  const { name, inputs, outputs } = op.call(index);
  checkPassed(`branch ${index} takes`, op.given(1), inputs);
  checkPassed(`${op.type} returns`, outputs, op.results());
  return toCall(name);
}

function condition(op: LiteOp, index: number): AttrValue {
  const { name, inputs, outputs } = op.call(index);
  checkPassed(`condition ${index} takes`, op.given(), inputs);
  if (outputs.length !== 1) throw new DecantError('malformed', `condition ${index} returns ${outputs.length} tensors`);
  return toCall(name);
}

function body(op: LiteOp, index: number): AttrValue {
  const { name, inputs, outputs } = op.call(index);
  checkPassed(`body ${index} takes`, op.given(), inputs);
  checkPassed(`iteration ${index} takes`, outputs, inputs);
  checkPassed(`${op.type} returns`, outputs, op.results());
  return toCall(name);
}

/** Subgraphs become functions. CALL_ONCE initializes variables, whose values are constants here: nothing remains to be done. */
export const control: Readonly<Record<string, LiteTranslator>> = {
  ASSIGN_VARIABLE: () => [],
  CALL_ONCE: () => [],
  IF: (op, graph) => {
    const { thenBranch, elseBranch } = op.options(ifOptions);
    const isScalar = op.tensor(0).shape.length === 0;
    const chosen = isScalar ? op.input(0) : graph.add('Reshape', [op.input(0), graph.integers()]);
    return graph.addAll('If', op.outputs.length, [chosen, ...op.all(1)], {
      then_branch: branch(op, thenBranch),
      else_branch: branch(op, elseBranch),
    });
  },
  READ_VARIABLE: (op, graph) => {
    const isConstant = !op.assignsVariables && op.output(0).quantization === undefined;
    return graph.add(isConstant ? 'Identity' : op.type, [op.input(0)]);
  },
  VAR_HANDLE: (op, graph) => {
    const value = op.initialValue(variableKey(op.options(varHandleOptions)));
    return value === undefined ? graph.add(op.type, []) : graph.constant(value);
  },
  WHILE: (op, graph) => {
    const { condition: test, body: iteration } = op.options(whileOptions);
    return graph.addAll('While', op.outputs.length, op.all(), {
      cond: condition(op, test),
      body: body(op, iteration),
    });
  },
};
