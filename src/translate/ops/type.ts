import { NotEqual } from '../../ov/ops/comparison.ts';
import { ReduceProd } from '../../ov/ops/reduction.ts';
import { ShapeOf } from '../../ov/ops/shape.ts';
import { constantLike, convert } from '../../ov/shorthand.ts';
import { partTypeOf } from '../../tf/data-type.ts';
import type { Translators } from '../translator.ts';
import { toComplex } from './support/complex-numbers.ts';

export const type: Translators = {
  ToBool: (op, b) => {
    const x = op.input(0);
    if (x.shape.length === 0) return x.type === 'boolean' ? x : b.add(NotEqual, [x, constantLike(b, x, 0)]);
    const size = b.add(ReduceProd, [b.add(ShapeOf, [x]), b.i64(0)]);
    return b.add(NotEqual, [size, b.scalar('i64', 0)]);
  },
  Cast: (op, b) => {
    const x = op.input(0);
    const part = partTypeOf(op.dtype('DstT'));
    if (part !== undefined) return toComplex(b, convert(b, x, part));
    const type = op.elementType('DstT');
    // Convert may truncate a fraction to zero first.
    return type === 'boolean' && x.type !== 'boolean'
      ? b.add(NotEqual, [x, constantLike(b, x, 0)])
      : convert(b, x, type);
  },
};
