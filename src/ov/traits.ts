/**
 * How an op treats the axes and elements of its data, so that passes work on ops that they do not know by name.
 * Input 0 is the data, and the other inputs are parameters, unless a trait says otherwise.
 */
export interface Traits {
  /** Each output element depends only on the data elements at its own position. */
  readonly elementwise?: true;
  /** All inputs are data and broadcast as in NumPy: to a `common` shape, or to the shape of the `first` one. */
  readonly broadcast?: 'common' | 'first';
  /** All inputs are data of the same rank. */
  readonly concatenates?: true;
  /** The axes that the op works along. The output has all axes of the data, or lacks exactly these. */
  readonly axes?: AxesSource;
  /** Inputs that are vectors with one element per axis of the data. */
  readonly perAxis?: readonly number[];
  /** With an empty list of axes the op returns its data. */
  readonly identityWithoutAxes?: true;
}

/** An attribute that is one axis, or an input that is one axis or a vector of axes. */
export type AxesSource = { readonly attribute: string } | { readonly input: number };
