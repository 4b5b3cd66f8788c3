import type { Tensors } from '../../detect/heads/port.ts';
import type { Output } from '../../runtime/output.ts';
import { boundsOf } from '../../runtime/partial-shape.ts';
import { bitsOf } from '../../tensor/element-type.ts';

/** Returns the most items that all ports accept in one batch; 1 if a port has no dynamic batch. */
export function largestBatch(ports: readonly Output[]): number {
  const sizes = ports.map(port => {
    const { dimensions = [] } = port.getPartialShape();
    const [batch] = dimensions;
    const isDynamic = dimensions.length > 0 && typeof batch !== 'number' && bitsOf(port.elementType) >= 8;
    return isDynamic ? boundsOf(batch)[1] : 1;
  });
  return Math.min(...sizes);
}

/** Returns a text that is equal for tensors that can be joined; undefined for those that have no common batch. */
export function batchKey(inputs: Tensors): string | undefined {
  const tensors = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (!tensors.every(([, { shape }]) => shape.length > 0 && shape[0] === batchSize(inputs))) return undefined;
  return JSON.stringify(tensors.map(([name, { type, shape }]) => [name, type, shape.slice(1)]));
}

export const batchSize = (inputs: Tensors): number => Object.values(inputs)[0]?.shape[0] ?? 0;
