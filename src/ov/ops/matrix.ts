import type { Dim, Shape } from '../../tensor/dim.ts';
import { boolean, text } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { broadcastShapes, shapeMismatch, sameAs, sameType, unifyDims } from './support/infer.ts';

function inferMatMul(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Type {
  sameType(a, b, 'MatMul');
  if (a.shape.length < 1 || b.shape.length < 1) throw shapeMismatch('MatMul of a scalar is not supported');
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [rows, inner] = lastTwo(left, transposeA && a.shape.length > 1);
  const [inner2, columns] = lastTwo(right, transposeB && b.shape.length > 1);
  unifyDims(inner, inner2, () => 'inner sizes of MatMul');
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  const matrix: Shape = [...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
  return { type: a.type, shape: [...batch, ...matrix] };
}

const lastTwo = (shape: Shape, transposed: boolean): readonly [Dim, Dim] => {
  const rows = shape[shape.length - 2]!;
  const columns = shape[shape.length - 1]!;
  return transposed ? [columns, rows] : [rows, columns];
};

export const MatMul = defineOp({
  type: 'MatMul',
  opset: 'opset1',
  arity: 2,
  attributes: { transpose_a: boolean(false), transpose_b: boolean(false) },
  infer: ([a, b], { transpose_a, transpose_b }) => [inferMatMul(a!, b!, transpose_a, transpose_b)],
});

export const Einsum = defineOp({
  type: 'Einsum',
  opset: 'opset7',
  arity: [1, Infinity],
  attributes: { equation: text() },
  infer: (inputs, { equation }) => {
    const [left, right] = equation.replaceAll(' ', '').split('->');
    const sizes = new Map<string, Dim>();
    left!.split(',').forEach((term, i) => {
      if (term.length !== inputs[i]?.shape.length)
        throw shapeMismatch(`Einsum '${equation}' does not match the ranks of its inputs`);
      Array.from(term).forEach((label, axis) => {
        const dim = inputs[i]!.shape[axis]!;
        sizes.set(
          label,
          unifyDims(sizes.get(label) ?? dim, dim, () => `'${label}' of Einsum`),
        );
      });
    });
    return [{ type: inputs[0]!.type, shape: Array.from(right ?? '', label => sizes.get(label)!) }];
  },
});

export const Inverse = defineOp({
  type: 'Inverse',
  opset: 'opset14',
  arity: 1,
  attributes: { adjoint: boolean(false) },
  infer: sameAs(0),
});
