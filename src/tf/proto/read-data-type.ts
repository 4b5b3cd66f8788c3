import { DecantError } from '../../errors.ts';
import { type DataType, dataTypeOf, isDataType } from '../data-type.ts';

/** A data type by its number or name; reference types are their plain types. Undefined for none and unknown ones. */
export function findDataType(type: number | string): DataType | undefined {
  if (typeof type === 'number') return dataTypeOf(type);
  const name = type.replace(/_REF$/, '');
  return isDataType(name) ? name : undefined;
}

/** @throws DecantError `unsupported` that says what has the unknown type */
export function readDataType(type: number | string, what: string): DataType {
  const found = findDataType(type);
  if (found === undefined)
    throw new DecantError('unsupported', `${what} has the data type ${type}, which decant does not know`);
  return found;
}
