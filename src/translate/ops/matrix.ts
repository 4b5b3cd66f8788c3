import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Einsum, MatMul } from '../../ov/ops/matrix.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { applyFusedOps } from './support/fused-ops.ts';
import { withZero } from './support/with-zero.ts';

const SPARE = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** The equation of `Einsum` with letters for ellipses, which OpenVINO only supports for axes of equal size. */
function equationOf(op: TfOp): string {
  const equation = op.string('equation').replaceAll(' ', '');
  if (!equation.includes('...')) return equation;
  const [left, right] = equation.split('->');
  const hidden = left!.split(',').map((term, i) => op.input(i).shape.length - term.replace('...', '').length);
  const spare = SPARE.filter(letter => !equation.includes(letter)).slice(0, Math.max(...hidden));
  const spelled = (term: string, count: number): string =>
    term.replace('...', spare.slice(spare.length - count).join(''));
  const terms = left!.split(',').map((term, i) => (term.includes('...') ? spelled(term, hidden[i]!) : term));
  return `${terms.join(',')}->${spelled(right ?? '', spare.length)}`;
}

/** OpenVINO removes an equation that changes nothing, and with it the name of an output. */
function einsum(op: TfOp, b: Builder): Value {
  const equation = equationOf(op);
  const [left, right] = equation.split('->');
  return left === right ? op.input(0) : b.add(Einsum, op.inputs, { equation });
}

const matMul = (op: TfOp, b: Builder): Value =>
  product(b, [op.input(0), op.input(1)], op.bool('transpose_a', false), op.bool('transpose_b', false));

const batchMatMul = (op: TfOp, b: Builder): Value =>
  product(b, [op.input(0), op.input(1)], op.bool('adj_x', false), op.bool('adj_y', false));

/** A matrix product. OpenVINO's CPU plugin does not compile, or divides by zero in, one that sums no terms: it is 0. */
export function product(b: Builder, factors: readonly Value[], transpose_a: boolean, transpose_b: boolean): Value {
  const axes = [transpose_a ? -2 : -1, transpose_b ? -1 : -2] as const;
  const hasTerms = factors.every((factor, i) => factor.shape.at(axes[i]!) !== 0);
  const terms = hasTerms ? factors : factors.map((factor, i) => withZero(b, factor, axes[i]!));
  return b.add(MatMul, terms, { transpose_a, transpose_b });
}

export const matrix: Translators = {
  MatMul: matMul,
  _FusedMatMul: (op, b) => applyFusedOps(op, b, matMul(op, b), 'NHWC'),
  BatchMatMul: batchMatMul,
  BatchMatMulV2: batchMatMul,
  Einsum: einsum,
};
