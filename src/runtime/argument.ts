export type Pointer = bigint;

export interface NativeShape {
  readonly rank: number;
  readonly dims: readonly number[];
}

export type Slot = [Pointer | null];

export type NativeArgument =
  Pointer | number | string | null | NodeJS.ArrayBufferView | readonly string[] | NativeShape | Slot;
