import { DecantError } from '../errors.ts';
import { between, type Dim, type Shape, symbol } from '../tensor/dim.ts';
import type { InferenceInput } from '../tf/inference-graph.ts';
import type { InputSize } from '../tf/input-spec.ts';

export function shapeOfInput({ name, dtype, shape }: InferenceInput): Shape {
  if (shape === undefined) {
    const remedy =
      dtype === 'DT_BOOL'
        ? `Fix its value with --freeze '${name}=false', or its shape with --input '${name}[]'.`
        : `Set its shape with --input '${name}[1,512,512,3]', or --input-shape where there is no --input.`;
    throw new DecantError('unsupported', `the rank of input '${name}' is unknown`, { remedy });
  }
  return shape.map((size, i) => dimOf(`${name.replaceAll(/[*+\-();]/g, '_')}.${i}`, size));
}

export function dimOf(name: string, size: InputSize): Dim {
  if (typeof size !== 'number') return between(name, size.min, size.max);
  return size < 0 ? symbol(name) : size;
}
