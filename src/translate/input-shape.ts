import { DecantError } from '../errors.ts';
import { between, type Dim, type Shape, unknown } from '../tensor/dim.ts';
import type { InferenceInput } from '../tf/inference-graph.ts';
import type { InputSize } from '../tf/input-spec.ts';

/** The shape of an input, with an unknown of its own for every size that is open. */
export function shapeOfInput({ name, shape }: InferenceInput): Shape {
  if (shape === undefined) {
    throw new DecantError('unsupported', `the rank of input '${name}' is unknown`, {
      remedy: `Give its shape: --input-shape '${name}[1,512,512,3]'.`,
    });
  }
  return shape.map((size, i) => dimOf(`${name.replaceAll(/[*+\-();]/g, '_')}.${i}`, size));
}

/** A size that a user or a model gives; `name` is that of the unknown where it is open. */
export const dimOf = (name: string, size: InputSize): Dim =>
  typeof size !== 'number' ? between(name, size.min, size.max) : size < 0 ? unknown(name) : size;
