import type { ElementType } from '../tensor/element-type.ts';

interface DataTypeFacts {
  readonly number: number;
  /** For a quantized type, the integers that it consists of: its range is known only to the ops that use it. */
  readonly element?: ElementType;
  /** The type of the real and the imaginary part. */
  readonly part?: 'f32' | 'f64';
}

const DATA_TYPES = {
  DT_FLOAT: { number: 1, element: 'f32' },
  DT_DOUBLE: { number: 2, element: 'f64' },
  DT_INT32: { number: 3, element: 'i32' },
  DT_UINT8: { number: 4, element: 'u8' },
  DT_INT16: { number: 5, element: 'i16' },
  DT_INT8: { number: 6, element: 'i8' },
  DT_STRING: { number: 7, element: 'string' },
  DT_COMPLEX64: { number: 8, part: 'f32' },
  DT_INT64: { number: 9, element: 'i64' },
  DT_BOOL: { number: 10, element: 'boolean' },
  DT_QINT8: { number: 11, element: 'i8' },
  DT_QUINT8: { number: 12, element: 'u8' },
  DT_QINT32: { number: 13, element: 'i32' },
  DT_BFLOAT16: { number: 14, element: 'bf16' },
  DT_QINT16: { number: 15, element: 'i16' },
  DT_QUINT16: { number: 16, element: 'u16' },
  DT_UINT16: { number: 17, element: 'u16' },
  DT_COMPLEX128: { number: 18, part: 'f64' },
  DT_HALF: { number: 19, element: 'f16' },
  DT_RESOURCE: { number: 20 },
  DT_VARIANT: { number: 21 },
  DT_UINT32: { number: 22, element: 'u32' },
  DT_UINT64: { number: 23, element: 'u64' },
} as const satisfies Readonly<Record<string, DataTypeFacts>>;

export type DataType = keyof typeof DATA_TYPES;

const FACTS: Readonly<Record<DataType, DataTypeFacts>> = DATA_TYPES;
const BY_NUMBER = new Map(Object.entries(DATA_TYPES).map(([name, { number }]) => [number as number, name as DataType]));

export const isDataType = (name: string): name is DataType => Object.hasOwn(DATA_TYPES, name);

/** Reference types, 100 more than their base types, count as these. */
export const dataTypeOf = (number: number): DataType | undefined => BY_NUMBER.get(number > 100 ? number - 100 : number);

export const elementTypeOf = (dtype: DataType): ElementType | undefined => FACTS[dtype].element;

/** The type of the parts of a complex type; undefined for any other. */
export const partTypeOf = (dtype: DataType): 'f32' | 'f64' | undefined => FACTS[dtype].part;

const isQuantized = (dtype: DataType): boolean => dtype.startsWith('DT_Q');

export const dataTypeFor = (element: ElementType): DataType | undefined =>
  Object.keys(FACTS)
    .filter(isDataType)
    .find(name => FACTS[name].element === element && !isQuantized(name));
