import type { Size } from '../../image/image.ts';
import type { SoftMasks } from '../mask.ts';
import type { Prototypes } from './candidate-encoding.ts';
import type { CandidateTable } from './candidate-table.ts';
import { numbersAt, type Port, type Tensors } from './port.ts';

/** Returns the prototypes of masks among the outputs. @param image size of the model's input, whose sides are a multiple */
export function prototypesIn(outputs: readonly Port[], image: Size): Prototypes | undefined {
  for (const port of outputs) {
    const [batch = 1, ...sizes] = port.shape;
    const [a, b, c] = sizes;
    if (batch !== 1 || sizes.length !== 3 || a === undefined || b === undefined || c === undefined) continue;
    const isScaled = (height: number, width: number): boolean =>
      height < image.height && height * image.width === width * image.height;
    if (isScaled(a, b)) return { port, height: a, width: b, count: c, isChannelsFirst: false };
    if (isScaled(b, c)) return { port, height: b, width: c, count: a, isChannelsFirst: true };
  }
  return undefined;
}

/** Returns the masks of some rows, as logits over the model's whole image. @param first column of the coefficients */
export function masksOf(
  outputs: Tensors,
  { port, count, width, height, isChannelsFirst }: Prototypes,
  { at }: CandidateTable,
  rows: readonly number[],
  first: number,
): SoftMasks {
  const prototypes = numbersAt(outputs, port);
  const size = width * height;
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    const mask = data.subarray(index * size, (index + 1) * size);
    for (let k = 0; k < count; k++) {
      const coefficient = at(row, first + k);
      const [start, step] = isChannelsFirst ? [k * size, 1] : [k, count];
      for (let i = 0; i < size; i++) mask[i]! += coefficient * prototypes[start + i * step]!;
    }
  });
  return { width, height, data, over: { x: 0, y: 0, width: 1, height: 1 } };
}
