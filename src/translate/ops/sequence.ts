import { OneHot } from '../../ov/ops/sequence.ts';
import { convert } from '../../ov/shorthand.ts';
import type { Translators } from '../translator.ts';

export const sequence: Translators = {
  OneHot: (op, b) => {
    const axis = op.int('axis', -1);
    return b.add(
      OneHot,
      [convert(b, op.input(0), op.input(0).type === 'i64' ? 'i64' : 'i32'), op.input(1), op.input(2), op.input(3)],
      {
        axis: axis < 0 ? op.input(0).shape.length : axis,
      },
    );
  },
};
