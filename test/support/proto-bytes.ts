import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

type FieldValue = number | bigint | boolean | string | Uint8Array | { readonly float: number };

export type ProtoField = readonly [number: number, value: FieldValue];

export function proto(...fields: readonly ProtoField[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value);
    else if (value instanceof Uint8Array) writer.tag(number, WireType.LengthDelimited).bytes(value);
    else if (typeof value === 'object') writer.tag(number, WireType.Bit32).float(value.float);
    else writer.tag(number, WireType.Varint).int64(BigInt(value));
  }
  return writer.finish();
}

export const shapeBytes = (...dims: readonly number[]): Uint8Array =>
  proto(...dims.map(dim => [2, proto([1, dim])] as const));

export const entryBytes = (key: string, value: Uint8Array): Uint8Array => proto([1, key], [2, value]);

/** Encodes a NodeDef; `attrs` are encoded AttrValues. */
export const nodeBytes = (
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attrs: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array =>
  proto(
    [1, name],
    [2, op],
    ...inputs.map(input => [3, input] as const),
    ...Object.entries(attrs).map(([key, value]) => [5, entryBytes(key, value)] as const),
  );
