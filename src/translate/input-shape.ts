import { DecantError } from '../errors.ts';
import { between, type Shape, unknown } from '../tensor/dim.ts';
import type { ClosedInput } from '../tf/closed-model.ts';

/** The shape of an input, with an unknown of its own for every size that is open. */
export function shapeOfInput({ name, shape }: ClosedInput): Shape {
  if (shape === undefined) {
    throw new DecantError('unsupported', `the rank of input '${name}' is unknown`, {
      remedy: `Give its shape: --input-shape '${name}[1,512,512,3]'.`,
    });
  }
  return shape.map((size, i) => {
    if (typeof size === 'number' && size >= 0) return size;
    const own = `${name.replaceAll(/[*+\-();]/g, '_')}.${i}`;
    return typeof size === 'number' ? unknown(own) : between(own, size.min, size.max);
  });
}
