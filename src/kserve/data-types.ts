import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** Element types and their names in the Open Inference Protocol. */
const DATA_TYPES: readonly (readonly [type: ElementType, name: string])[] = [
  ['boolean', 'BOOL'],
  ['u8', 'UINT8'],
  ['u16', 'UINT16'],
  ['u32', 'UINT32'],
  ['u64', 'UINT64'],
  ['i8', 'INT8'],
  ['i16', 'INT16'],
  ['i32', 'INT32'],
  ['i64', 'INT64'],
  ['f16', 'FP16'],
  ['bf16', 'BF16'],
  ['f32', 'FP32'],
  ['f64', 'FP64'],
  ['string', 'BYTES'],
];

/** @throws DecantError `unsupported` if the protocol has no such type */
export function dataTypeOf(type: ElementType): string {
  const name = DATA_TYPES.find(([known]) => known === type)?.[1];
  if (name !== undefined) return name;
  throw new DecantError('unsupported', `the Open Inference Protocol has no type for ${type}`, {
    remedy: 'Convert the model so that its inputs have another type.',
  });
}

export const elementTypeOf = (name: string): ElementType | undefined =>
  DATA_TYPES.find(([, known]) => known === name)?.[0];
