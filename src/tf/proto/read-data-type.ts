import { DecantError } from '../../errors.ts';
import { type DataType, dataTypeOf, isDataType } from '../data-type.ts';

export function findDataType(type: number | string): DataType | undefined {
  if (typeof type === 'number') return dataTypeOf(type);
  const name = type.replace(/_REF$/, '');
  return isDataType(name) ? name : undefined;
}

export function readDataType(type: number | string, what: string): DataType {
  const found = findDataType(type);
  if (found === undefined)
    throw new DecantError('unsupported', `${what} has unknown data type ${type}`, {
      remedy: 'Update decant, or export the model with an older release of TensorFlow.',
    });
  return found;
}
