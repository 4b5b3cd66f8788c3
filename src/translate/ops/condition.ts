import { Transpose } from '../../ov/ops/movement.ts';
import { Bucketize, NonZero, Select } from '../../ov/ops/condition.ts';
import { convert, reshape } from '../../ov/shorthand.ts';
import type { Translators, Translator } from '../translator.ts';

const where: Translator = (op, b) => b.add(Transpose, [b.add(NonZero, [op.input(0)]), b.i64(1, 0)]);

export const condition: Translators = {
  Where: where,
  SelectV2: (op, b) => b.add(Select, [op.input(0), op.input(1), op.input(2)]),
  Select: (op, b) => {
    const condition = op.input(0);
    const x = op.input(1);
    const y = op.input(2);
    // A vector condition selects whole rows.
    const rows = condition.shape.length === 1 && x.shape.length > 1;
    const ones = new Array<number>(Math.max(x.shape.length - 1, 0)).fill(1);
    return b.add(Select, [rows ? reshape(b, condition, -1, ...ones) : condition, x, y]);
  },
  Bucketize: (op, b) => {
    const bounds = op.floats('boundaries');
    const table = b.constant({ type: 'f32', shape: [bounds.length], data: Float32Array.from(bounds) });
    return b.add(Bucketize, [convert(b, op.input(0), 'f32'), table], { output_type: 'i32', with_right_bound: false });
  },
};
