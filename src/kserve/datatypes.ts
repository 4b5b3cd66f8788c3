import { DecantError } from '../errors.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** Element types by their names in the Open Inference Protocol. */
const ELEMENT_TYPES = {
  BOOL: 'boolean',
  UINT8: 'u8',
  UINT16: 'u16',
  UINT32: 'u32',
  UINT64: 'u64',
  INT8: 'i8',
  INT16: 'i16',
  INT32: 'i32',
  INT64: 'i64',
  FP16: 'f16',
  BF16: 'bf16',
  FP32: 'f32',
  FP64: 'f64',
  BYTES: 'string',
} as const satisfies Readonly<Record<string, ElementType>>;

export type Datatype = keyof typeof ELEMENT_TYPES;

export const isDatatype = (name: string): name is Datatype => Object.hasOwn(ELEMENT_TYPES, name);

export function datatypeNamed(name: string): Datatype {
  if (isDatatype(name)) return name;
  throw new DecantError('invalid-argument', `'${name}' is not a datatype`, {
    remedy: `Use one of ${Object.keys(ELEMENT_TYPES).join(', ')}.`,
  });
}

export const elementTypeOf = (datatype: Datatype): ElementType => ELEMENT_TYPES[datatype];

/** @throws DecantError `unsupported` for types that the protocol does not have */
export function datatypeOf(type: ElementType): Datatype {
  const found = Object.keys(ELEMENT_TYPES).find(name => isDatatype(name) && ELEMENT_TYPES[name] === type);
  if (found !== undefined) return datatypeNamed(found);
  throw new DecantError(
    'unsupported',
    `the Open Inference Protocol has no datatype for ${type}, which this model uses`,
    {
      remedy: 'Export the model with inputs and outputs of another type, such as f32 or u8.',
    },
  );
}
