import { DecantError } from '../errors.ts';
import { between, type Dim, type Shape, symbol } from '../tensor/dim.ts';
import type { InferenceInput } from '../tf/inference-graph.ts';
import type { InputSize } from '../tf/input-spec.ts';

export function shapeOfInput({ name, shape }: InferenceInput): Shape {
  if (shape === undefined) {
    throw new DecantError('unsupported', `the rank of input '${name}' is unknown`, {
      remedy: `Set its shape with --input '${name}[1,512,512,3]', or --input-shape where there is no --input.`,
    });
  }
  return shape.map((size, i) => dimOf(`${name.replaceAll(/[*+\-();]/g, '_')}.${i}`, size));
}

export function dimOf(name: string, size: InputSize): Dim {
  if (typeof size !== 'number') return between(name, size.min, size.max);
  return size < 0 ? symbol(name) : size;
}
