import { DecantError } from '../../errors.ts';
import { type ElementType, isElementType } from '../../tensor/element-type.ts';

const PRECISIONS: Readonly<Record<ElementType, string>> = {
  f64: 'FP64',
  f32: 'FP32',
  f16: 'FP16',
  bf16: 'BF16',
  i64: 'I64',
  i32: 'I32',
  i16: 'I16',
  i8: 'I8',
  i4: 'I4',
  u64: 'U64',
  u32: 'U32',
  u16: 'U16',
  u8: 'U8',
  u4: 'U4',
  u1: 'BIN',
  boolean: 'BOOL',
  string: 'STRING',
};

const byPrecision = new Map(Object.entries(PRECISIONS).map(([type, precision]) => [precision, type as ElementType]));

export const precisionOf = (type: ElementType): string => PRECISIONS[type];

export function elementTypeOfPrecision(precision: string): ElementType {
  const type = byPrecision.get(precision.toUpperCase());
  if (type !== undefined) return type;
  if (isElementType(precision)) return precision;
  throw new DecantError('unsupported', `the port precision '${precision}' is not supported`, {
    remedy: 'Write the IR with weights and inputs of other types, such as FP32.',
  });
}
