/** Address of a native object or of memory. */
export type Pointer = bigint;

/** `ov_shape_t`. */
export interface NativeShape {
  readonly rank: number;
  readonly dims: readonly number[];
}

/** Receives the object from an `_Out_` parameter. */
export type Slot = [Pointer | null];

/** An argument of a native call, as koffi accepts it. */
export type NativeArgument =
  Pointer | number | string | null | NodeJS.ArrayBufferView | readonly string[] | NativeShape | Slot;
