/** The address of a native object or of memory. */
export type Pointer = bigint;

/** `ov_shape_t`: as many sizes as `rank` says. */
export interface NativeShape {
  readonly rank: number;
  readonly dims: readonly number[];
}

/** Where a function puts the object that it makes. */
export type Slot = [Pointer | null];

export type Argument =
  Pointer | number | string | null | NodeJS.ArrayBufferView | readonly string[] | NativeShape | Slot;
